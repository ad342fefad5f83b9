using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SampleIm.Api.Accounts;
using SampleIm.Api.OpenApi;
using SampleIm.Api.Presence;

namespace SampleIm.Api.Total;

/// <summary>What an answer was made from: where nothing of it has moved, the answer is the same.</summary>
public readonly record struct TotalStamp(long View, long Online, long Names);

/// <summary>An answer to the poll, ready to be sent again.</summary>
/// <param name="Stamp">What it was made from.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="ETag">Digest of the body: equal content has an equal tag, also after a restart and from another server.</param>
public sealed record RenderedTotal(TotalStamp Stamp, byte[] Body, string ETag);

/// <summary>
/// <c>GET /api/total</c>. An endpoint and not a controller: it answers more requests than all other calls together, and
/// MVC would double what one costs.
/// </summary>
public static class TotalEndpoint
{
    /// <summary>Seconds until the client should ask again.</summary>
    private const string PollInterval = "1";

    public static void MapTotal(this IEndpointRouteBuilder routes) => routes.MapGet("/api/total", GetTotalAsync)
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

    /// <response code="200">Everything, as it is now.</response>
    /// <response code="304">Nothing has changed since the answer with that ETag.</response>
    [Polled]
    private static async Task GetTotalAsync(
        HttpContext context, Views views, OnlineList online, KnownUsers known, IOptions<JsonOptions> json)
    {
        var caller = context.Caller().User;
        // Versions before content: what changes in between shows in the body now, and in the stamp next time.
        var names = known.Version;
        var (view, state) = await views.GetAsync(caller.Id, context.RequestAborted);
        var list = online.Look();
        var stamp = new TotalStamp(state.Version, list.Version, names);
        if (view.Rendered is not { } answer || answer.Stamp != stamp)
        {
            view.Rendered = answer = Render(stamp, caller, list, state, json.Value.SerializerOptions);
        }

        var response = context.Response;
        response.Headers.ETag = answer.ETag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers["X-Poll-Interval"] = PollInterval;
        if (Matches(context.Request, answer.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static RenderedTotal Render(TotalStamp stamp, KnownUser caller, OnlineSnapshot list, ViewState state, JsonSerializerOptions json)
    {
        var total = new TotalResponse(
            caller.Username, list.Users.Select(UserSummary.Of).ToList(), list.IsFull, ConversationOrder.LatestFirst(state.Entries));
        var body = JsonSerializer.SerializeToUtf8Bytes(total, json);
        return new RenderedTotal(stamp, body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
    }

    private static bool Matches(HttpRequest request, string etag)
    {
        var given = request.Headers.IfNoneMatch;
        return given.Count > 0 && ((given.Count == 1 && given[0] == etag)
            || (EntityTagHeaderValue.TryParseList(given, out var tags) && tags.Any(tag => tag.Tag == "*" || tag.Tag == etag)));
    }
}
