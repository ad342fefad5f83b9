using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace SampleIm.Api.Hosting.Problems;

/// <summary>The body of every error answer (RFC 9457, <c>application/problem+json</c>).</summary>
public sealed class ApiProblem : IActionResult, IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>RFC 6750. No browser opens a dialog of its own at this: none knows how to ask for a token.</summary>
    private const string Challenge = "Bearer realm=\"SampleIm\"";

    private const string JsonType = "application/json";
    private const string FormType = "multipart/form-data";

    private ApiProblem(string code, string? detail, IReadOnlyDictionary<string, string[]>? errors, TimeSpan? retryAfter)
    {
        var kind = ProblemCodes.Kind(code);
        (Status, Title, Code, Detail, Errors, RetryAfter) = (
            kind.Status, kind.Title, code, detail ?? kind.Title + ".", errors, retryAfter);
    }

    /// <summary>The HTTP status, repeated.</summary>
    /// <example>400</example>
    public int Status { get; }

    /// <summary>One sentence that is the same for every error of this code.</summary>
    /// <example>The message is too long</example>
    public string Title { get; }

    /// <summary>What was wrong with this request.</summary>
    /// <example>A message has at most 4000 characters; this one has 4001.</example>
    public string Detail { get; }

    /// <summary>Stable machine-readable code; the list is in docs/errors.md, and others may come.</summary>
    /// <example>message.tooLong</example>
    public string Code { get; }

    /// <summary>What was wrong by field of the body, where the body was invalid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; }

    [JsonIgnore]
    public TimeSpan? RetryAfter { get; }

    public static ApiProblem Of(string code, string? detail = null, TimeSpan? retryAfter = null) =>
        new(code, detail, null, retryAfter);

    /// <summary>An error that lies in one field of the body.</summary>
    public static ApiProblem OfField(string code, string field, string detail) =>
        new(code, detail, new Dictionary<string, string[]> { [field] = [detail] }, null);

    public static ApiProblem OfFields(string code, string detail, IReadOnlyDictionary<string, string[]> errors) =>
        new(code, detail, errors, null);

    public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Set(this);
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        AddWhatWouldBeTaken(httpContext);
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds))
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return response.WriteAsJsonAsync(this, options: null, ContentType, httpContext.RequestAborted);
    }

    /// <summary>How to sign in, or which body to send, where that is what was wrong.</summary>
    private void AddWhatWouldBeTaken(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            var isTokenRefused = Code == ProblemCodes.AccountSignInRequired && context.Request.Headers.Authorization.Count > 0;
            headers.WWWAuthenticate = isTokenRefused ? Challenge + ", error=\"invalid_token\"" : Challenge;
        }

        if (Status == StatusCodes.Status415UnsupportedMediaType)
        {
            headers.Accept = context.GetEndpoint()?.Metadata.GetMetadata<UploadsFileAttribute>() is null ? JsonType : FormType;
            if (HttpMethods.IsPatch(context.Request.Method))
            {
                headers["Accept-Patch"] = JsonType;
            }
        }
    }
}
