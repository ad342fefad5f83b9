using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.Hosting.Problems;

/// <summary>Turns what the framework answers without a body, and what throws, into problems with a code.</summary>
public static partial class ProblemMiddleware
{
    private static readonly TimeSpan s_storageRetry = TimeSpan.FromSeconds(2);

    /// <summary>Somebody has to make room, which takes longer than a restart.</summary>
    private static readonly TimeSpan s_fullRetry = TimeSpan.FromSeconds(15);

    public static void UseProblems(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProblemMiddleware));
        app.Use((context, next) => HandleAsync(context, next, logger));
    }

    private static async Task HandleAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException
            && context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up: nobody is left to answer, and nothing went wrong; a reader of forms may call it an end that
            // came too early. The status is for the counts.
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }

            return;
        }
        catch (ConnectionResetException)
        {
            // The same, noticed while the body was read: Kestrel is not to try to read on.
            context.Abort();
            return;
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            await ForStatus(fault.StatusCode).ExecuteAsync(context);
            return;
        }
        catch (IOException fault) when (!context.Response.HasStarted && IsChunkTooLarge(context.Request, fault))
        {
            // Where the next request would begin, nobody can say.
            context.Response.Headers.Connection = "close";
            await ApiProblem.Of(ProblemCodes.RequestMalformed, "The size of a chunk is no number that a chunk can have.")
                .ExecuteAsync(context);
            return;
        }
        catch (StorageUnavailableException fault) when (!context.Response.HasStarted)
        {
            LogStorage(
                logger, RequestLog.MethodOf(context.Request), RequestLog.RouteOf(context.GetEndpoint()), context.TraceIdentifier,
                fault.Message);
            await (FullDisk.IsCauseOf(fault)
                ? ApiProblem.Of(ProblemCodes.StorageFull, retryAfter: s_fullRetry)
                : ApiProblem.Of(ProblemCodes.StorageUnavailable, retryAfter: s_storageRetry)).ExecuteAsync(context);
            return;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            LogUnhandled(
                logger, RequestLog.MethodOf(context.Request), RequestLog.RouteOf(context.GetEndpoint()), context.TraceIdentifier,
                fault);
            await ApiProblem.Of(ProblemCodes.ServerError).ExecuteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: 412 or 416 })
        {
            // The framework has described the file that it does not send.
            context.Response.ContentLength = null;
            await ForStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
        else if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await ForStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    /// <summary>The answer to a body that could not be bound: JSON that is none, a wrong type, a missing field.</summary>
    public static IActionResult ForModelState(ActionContext context)
    {
        // Where a field could not be read the framework also says that the whole body is missing: that is no field.
        var bodies = context.ActionDescriptor.Parameters.Where(
            parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body)
            .Select(parameter => parameter.Name).ToList();
        var errors = context.ModelState
            .Where(entry => entry.Value is { ValidationState: ModelValidationState.Invalid } && !bodies.Contains(entry.Key))
            .GroupBy(entry => FieldName(entry.Key))
            .ToDictionary(group => group.Key, group => group.SelectMany(entry => Reasons(entry.Value!)).Distinct().ToArray());
        if (errors.Remove("", out var whole))
        {
            return ApiProblem.Of(ProblemCodes.RequestMalformed, whole[0]);
        }

        return ApiProblem.OfFields(ProblemCodes.RequestInvalid, "Some fields are missing or have a wrong type or value.", errors);
    }

    /// <summary>
    /// The server tells of all other broken chunks by <see cref="BadHttpRequestException"/>, and of one too large by the
    /// overflow.
    /// </summary>
    private static bool IsChunkTooLarge(HttpRequest request, IOException fault) =>
        fault.InnerException is OverflowException && request.Headers.TransferEncoding.Count > 0;

    private static ApiProblem ForStatus(int status) => ApiProblem.Of(status switch
    {
        401 => ProblemCodes.AccountSignInRequired,
        403 => ProblemCodes.AccountNotAdministrator,
        404 => ProblemCodes.RequestUnknownPath,
        405 => ProblemCodes.RequestMethodNotAllowed,
        408 => ProblemCodes.RequestTimeout,
        412 => ProblemCodes.RequestPreconditionFailed,
        413 => ProblemCodes.RequestTooLarge,
        415 => ProblemCodes.RequestUnsupportedMediaType,
        416 => ProblemCodes.RequestRangeNotSatisfiable,
        >= 500 => ProblemCodes.ServerError,
        _ => ProblemCodes.RequestMalformed,
    });

    /// <summary>The field as the client wrote it: <c>$.text</c> says the JSON reader, <c>Text</c> the validation.</summary>
    private static string FieldName(string key) =>
        JsonNamingPolicy.CamelCase.ConvertName(key is "$" ? "" : key.StartsWith("$.", StringComparison.Ordinal) ? key[2..] : key);

    /// <summary>Our own reasons stand as they are; the JSON reader's tell of the inside of the program.</summary>
    private static IEnumerable<string> Reasons(ModelStateEntry entry) => entry.Errors.Select(error => error switch
    {
        { ErrorMessage: var message } when message.StartsWith("Duplicate property", StringComparison.Ordinal) =>
            "This field is there twice.",
        { Exception: null, ErrorMessage: { Length: > 0 } message } when !message.Contains("Path: $", StringComparison.Ordinal) =>
            message,
        _ => "This is not JSON of the expected form.",
    });

    [LoggerMessage(
        Level = LogLevel.Error, Message = "{Method} {Route}, request {RequestId}, could not use the storage: {Reason}")]
    private static partial void LogStorage(ILogger logger, string method, string route, string requestId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route}, request {RequestId}, failed")]
    private static partial void LogUnhandled(ILogger logger, string method, string route, string requestId, Exception fault);
}
