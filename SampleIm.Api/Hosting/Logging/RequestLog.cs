using System.Collections.Frozen;
using System.Diagnostics;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Hosting.Logging;

/// <summary>Asked so often that only its failures are worth a line at the usual level: successes are logged at Debug.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RoutineAttribute : Attribute;

/// <summary>
/// One line a request, category <c>SampleIm.Requests</c>: what was called, by whom, with what result and in what time. The route
/// and not the path, for nothing that a caller typed has a place in a log.
/// </summary>
public static partial class RequestLog
{
    public const string Category = "SampleIm.Requests";

    /// <summary>Names the request's line in the log, so that somebody who asks about an answer can say which it was.</summary>
    public const string IdHeader = "X-Request-Id";

    /// <summary>In place of a route where a path leads nowhere.</summary>
    public const string NoRoute = "(none)";

    /// <summary>In place of a method that HTTP does not know (RFC 9110, 9.1; RFC 5789).</summary>
    public const string OtherMethod = "(other)";

    private static readonly FrozenSet<string> s_methods = FrozenSet.Create(
        HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete,
        HttpMethods.Options, HttpMethods.Trace, HttpMethods.Connect);

    /// <summary>As servers call it where the client hung up before there was an answer; nobody gets to see it.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Around all that can answer, so that it sees every answer as it was sent.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            context.Response.Headers[IdHeader] = context.TraceIdentifier;
            return context.Request.Headers.TraceParent is [{ } caller]
                && ActivityContext.TryParse(caller, context.Request.Headers.TraceState, isRemote: true, out var trace)
                ? FollowAsync(trace, context, next, logger)
                : AnswerAsync(context, next, logger);
        });
    }

    /// <summary>
    /// Goes on with the trace of the caller (W3C Trace Context): what happens because of this request, here and where it asks
    /// others, carries the caller's trace id.
    /// </summary>
    private static async Task FollowAsync(ActivityContext trace, HttpContext context, RequestDelegate next, ILogger logger)
    {
        using var activity = new Activity("SampleIm.Request").SetParentId(trace.TraceId, trace.SpanId, trace.TraceFlags);
        activity.TraceStateString = trace.TraceState;
        activity.Start();
        await AnswerAsync(context, next, logger);
    }

    private static Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        var answering = next(context);
        // Where it is answered at once, nothing is allocated for its sake here.
        if (!answering.IsCompletedSuccessfully)
        {
            return NoteAfterAsync(answering, logger, context, started);
        }

        Note(logger, context, started);
        return answering;
    }

    private static async Task NoteAfterAsync(Task answering, ILogger logger, HttpContext context, long started)
    {
        try
        {
            await answering;
        }
        finally
        {
            Note(logger, context, started);
        }
    }

    private static void Note(ILogger logger, HttpContext context, long started)
    {
        var status = context.Response.StatusCode;
        var endpoint = context.GetEndpoint();
        var level = status switch
        {
            >= 500 => LogLevel.Warning,
            < 400 when endpoint?.Metadata.GetMetadata<RoutineAttribute>() is not null => LogLevel.Debug,
            _ => LogLevel.Information,
        };
        if (!logger.IsEnabled(level))
        {
            return;
        }

        if (!context.Response.HasStarted && context.RequestAborted.IsCancellationRequested)
        {
            status = ClientClosedRequest;
        }

        var elapsedMs = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1);
        var (method, route) = (MethodOf(context.Request), RouteOf(endpoint));
        var user = context.Features.Get<Session>()?.User.Username ?? "(anonymous)";
        if (Activity.Current is { } trace)
        {
            LogTracedRequest(logger, level, method, route, status, elapsedMs, user, context.TraceIdentifier, trace.TraceId);
        }
        else
        {
            LogRequest(logger, level, method, route, status, elapsedMs, user, context.TraceIdentifier);
        }
    }

    /// <summary>A method may be any word: what is none of HTTP's own is something that the caller typed, too.</summary>
    public static string MethodOf(HttpRequest request) => s_methods.Contains(request.Method) ? request.Method : OtherMethod;

    public static string RouteOf(Endpoint? endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } route } ? "/" + route.TrimStart('/') : NoRoute;

    [LoggerMessage(EventId = 1, Message = "{Method} {Route} {Status} in {ElapsedMs} ms, user {User}, request {RequestId}")]
    private static partial void LogRequest(
        ILogger logger, LogLevel level, string method, string route, int status, double elapsedMs, string user, string requestId);

    [LoggerMessage(
        EventId = 2, Message = "{Method} {Route} {Status} in {ElapsedMs} ms, user {User}, request {RequestId}, trace {TraceId}")]
    private static partial void LogTracedRequest(
        ILogger logger, LogLevel level, string method, string route, int status, double elapsedMs, string user, string requestId,
        ActivityTraceId traceId);
}
