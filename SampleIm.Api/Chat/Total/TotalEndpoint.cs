using Microsoft.AspNetCore.Authentication;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Presence;

namespace SampleIm.Api.Chat.Total;

/// <summary>
/// <c>GET /api/total</c>. It answers more requests than all other calls together, so it has two ways. The endpoint goes
/// through everything that any call goes through. In front of it stands the short way: anyone who did so within the last
/// minute is answered from memory, by the same code.
/// </summary>
public static partial class TotalEndpoint
{
    public const string Path = "/api/total";

    public static void MapTotal(this IEndpointRouteBuilder routes) => routes.MapGet(Path, GetTotalAsync)
        .WithName("GetTotal")
        .WithTags("Total")
        .WithSummary("The poll: who is online, and how far each conversation has come.")
        .WithDescription("""
            Ask again after as many seconds as the header X-Poll-Interval says (decimals allowed), with the last ETag in
            If-None-Match: as long as nothing has changed the answer is 304 without a body. Each poll also keeps the caller
            on the online list.
            """)
        .Produces<TotalResponse>(StatusCodes.Status200OK)
        .Produces(StatusCodes.Status304NotModified);

    /// <summary>
    /// To be the first of all: what stands behind it costs several times what it does. What fails here goes the whole way, like
    /// all that is not answered here: a fault that lasts is answered there, as a problem with its headers and its line in the
    /// log.
    /// </summary>
    public static void UseShortPolls(this WebApplication app)
    {
        var pollers = app.Services.GetRequiredService<Pollers>();
        var answers = app.Services.GetRequiredService<TotalAnswers>();
        var online = app.Services.GetRequiredService<OnlineList>();
        var stop = app.Services.GetRequiredService<GracefulStop>();
        var polls = app.Services.GetRequiredService<PollMetrics>();
        var count = app.Services.GetRequiredService<RequestMetrics>().CounterOf(HttpMethods.Get, Path);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(TotalEndpoint));
        // A page of another site can read an answer only with headers that are added further on; and with a query the whole way
        // says what is wrong with it, because no parameter is known here.
        var mayBeForOtherSites = CrossOrigin.IsOn(app.Services);
        app.Use((context, next) => context.Request.Path.Value == Path && !context.Request.QueryString.HasValue
            && HttpMethods.IsGet(context.Request.Method)
            && !(mayBeForOtherSites && context.Request.Headers.Origin.Count > 0) && IsAnswered(context)
            ? Task.CompletedTask
            : next(context));

        bool IsAnswered(HttpContext context)
        {
            var isAnswered = false;
            try
            {
                if (!stop.IsStopping && pollers.Find(context.Request) is { } poller)
                {
                    SecurityHeaders.AddForPart(context);
                    online.Touch(poller.Session.User);
                    isAnswered = answers.TryAnswer(context, poller.Session.User, poller.View);
                    if (isAnswered)
                    {
                        count(context.Response.StatusCode);
                        polls.Answered(context.Response.StatusCode);
                    }
                }
            }
            catch (Exception fault)
            {
                LogFailed(logger, context.TraceIdentifier, fault);
            }

            return isAnswered;
        }
    }

    /// <response code="200">Everything, as it is now.</response>
    /// <response code="304">Nothing has changed since the answer with that ETag.</response>
    [Polled]
    [Routine]
    private static async Task GetTotalAsync(
        HttpContext context, Views views, TotalAnswers answers, Pollers pollers, PollMetrics polls)
    {
        var session = context.Caller();
        while (true)
        {
            var (view, _) = await views.GetAsync(session.User.Id, context.RequestAborted);
            var ticket = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties;
            // Before the answer: once that is written nothing may fail any more, because no other could take its place.
            pollers.Remember(context.Request, session, view, ticket?.ExpiresUtc);
            if (answers.TryAnswer(context, session.User, view))
            {
                polls.Answered(context.Response.StatusCode);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A poll, request {RequestId}, could not be answered from memory")]
    private static partial void LogFailed(ILogger logger, string requestId, Exception fault);
}
