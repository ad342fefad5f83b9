using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using SampleIm.Api.Hosting.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>Adds to each call the errors that it really returns, by status, with their codes; and how it is signed in.</summary>
public sealed class ProblemResponses : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        var codes = metadata.OfType<FailsAttribute>().SelectMany(attribute => attribute.Codes)
            .Concat(Common(context.ApiDescription, isAnonymous)).Distinct().ToList();
        // An empty list says that no sign-in is needed; without a list nothing is said.
        operation.Security = codes.Contains(ProblemCodes.AccountSignInRequired)
            ? [Requirement(OpenApiSetup.CookieScheme, context), Requirement(OpenApiSetup.BearerScheme, context)]
            : [];

        var schema = context.SchemaGenerator.GenerateSchema(typeof(ApiProblem), context.SchemaRepository);
        foreach (var status in codes.Select(ProblemCodes.Kind).GroupBy(kind => kind.Status))
        {
            var key = status.Key.ToString(CultureInfo.InvariantCulture);
            operation.Responses ??= [];
            operation.Responses[key] = new OpenApiResponse
            {
                Description = string.Join("; ", status.Select(kind => $"`{kind.Code}`: {kind.Title}")) + ".",
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [ApiProblem.ContentType] = new OpenApiMediaType { Schema = schema, Examples = Examples(status) },
                },
            };
        }
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OperationFilterContext context) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };

    private static Dictionary<string, IOpenApiExample> Examples(IEnumerable<ProblemKind> kinds) => kinds.ToDictionary(
        kind => kind.Code,
        IOpenApiExample (kind) => new OpenApiExample
        {
            Value = new System.Text.Json.Nodes.JsonObject
            {
                ["status"] = kind.Status,
                ["title"] = kind.Title,
                ["detail"] = kind.Title + ".",
                ["code"] = kind.Code,
            },
        });

    private static IEnumerable<string> Common(ApiDescription call, bool isAnonymous)
    {
        if (!isAnonymous)
        {
            yield return ProblemCodes.AccountSignInRequired;
        }

        if (UnknownParameters.IsChecked("/" + call.RelativePath))
        {
            yield return ProblemCodes.RequestUnknownParameter;
        }

        if (call.HttpMethod is not "GET")
        {
            yield return ProblemCodes.RequestCrossSite;
        }

        if (call.ActionDescriptor.EndpointMetadata.OfType<EnableRateLimitingAttribute>().Any())
        {
            yield return ProblemCodes.RequestRateLimited;
        }

        if (call.ParameterDescriptions.Any(parameter => parameter.Source == BindingSource.Body))
        {
            yield return ProblemCodes.RequestMalformed;
            yield return ProblemCodes.RequestTimeout;
            yield return ProblemCodes.RequestTooLarge;
            yield return ProblemCodes.RequestUnsupportedMediaType;
        }

        // A text in the path is never invalid, only unknown; a number or a limited text can be.
        if (call.ParameterDescriptions.Any(
            parameter => parameter.Source != BindingSource.Path || parameter.Type != typeof(string)))
        {
            yield return ProblemCodes.RequestInvalid;
        }

        // Anyone who asks for it has nothing to send: a body is refused as one of any other call is.
        if (call.RelativePath!.StartsWith("health/", StringComparison.Ordinal))
        {
            yield return ProblemCodes.RequestTooLarge;
        }

        if (call.RelativePath != "health/live")
        {
            yield return ProblemCodes.StorageUnavailable;
            yield return ProblemCodes.ServerStopping;
        }

        // Anyone who is signed in may write without asking for it: a session that is used is extended.
        if (call.HttpMethod is not "GET" || !isAnonymous)
        {
            yield return ProblemCodes.StorageFull;
        }

        yield return ProblemCodes.ServerError;
    }
}
