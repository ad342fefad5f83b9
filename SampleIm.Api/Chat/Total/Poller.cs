using Microsoft.Extensions.Caching.Memory;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Chat.Total;

/// <summary>
/// Somebody who polls: what is known of the sender of a cookie or a token, so that it need not be found out at each poll.
/// </summary>
/// <param name="Session">The sign-in that it belongs to.</param>
/// <param name="View">What its user sees.</param>
/// <param name="IsHttps">Whether it came by https: there the cookie has another name, and one of this text means nothing.</param>
/// <param name="Host">The host name that it came under: under another one the whole way may refuse it.</param>
/// <param name="CheckedAt">Timestamp of the poll that went the whole way.</param>
public sealed record Poller(Session Session, UserView View, bool IsHttps, string? Host, long CheckedAt);

/// <summary>
/// Those who polled within the last minute, by what they sent to say who they are. A cookie is decrypted and looked up once
/// a minute; between, the same text means the same session, for as long as that is not ended.
/// </summary>
public sealed class Pollers(ExpiringCaches caches, TimeProvider clock) : IDisposable
{
    /// <summary>
    /// Shorter than what views and sessions are kept in memory without use: a poll must show that it uses them.
    /// </summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>Nothing that this server sets is as long: such a header is read again each time.</summary>
    private const int LongestCredential = 2048;

    private readonly MemoryCache _pollers = caches.Make();

    /// <summary>
    /// Null where the request has to go the whole way: for the first time, once a minute, and when its session has ended.
    /// </summary>
    public Poller? Find(HttpRequest request) =>
        CredentialOf(request) is { } credential && _pollers.TryGetValue(credential, out Poller? poller)
            && poller!.Session.IsCurrent && poller.IsHttps == request.IsHttps && poller.Host == HostOf(request)
            && clock.GetElapsedTime(poller.CheckedAt) < s_longest
            ? poller
            : null;

    /// <param name="request">What went the whole way.</param>
    /// <param name="session">Whose it is.</param>
    /// <param name="view">What its user sees.</param>
    /// <param name="expiresAt">When the cookie or token ends by itself, if it does.</param>
    public void Remember(HttpRequest request, Session session, UserView view, DateTimeOffset? expiresAt)
    {
        if (CredentialOf(request) is not { } credential)
        {
            return;
        }

        // One text a session: somebody who sends another one each time fills no memory by it.
        if (session.PolledWith is { } former && former != credential)
        {
            _pollers.Remove(former);
        }

        session.PolledWith = credential;
        var left = expiresAt - clock.GetUtcNow() ?? s_longest;
        if (left > TimeSpan.Zero)
        {
            var poller = new Poller(session, view, request.IsHttps, HostOf(request), clock.GetTimestamp());
            _pollers.Set(credential, poller, left < s_longest ? left : s_longest);
        }
    }

    public void Dispose() => _pollers.Dispose();

    /// <summary>As it stands in the header: nothing is made of it, because this is asked at each poll.</summary>
    private static string? HostOf(HttpRequest request) => request.Headers.Host is [var host] ? host : null;

    /// <summary>All that a sign-in can come by, whole: where it is the same text it cannot mean anybody else.</summary>
    private static string? CredentialOf(HttpRequest request)
    {
        var (cookie, authorization) = (request.Headers.Cookie, request.Headers.Authorization);
        var credential = (cookie.Count, authorization.Count) switch
        {
            (1, 0) => cookie[0],
            (0, 1) => authorization[0],
            _ => null,
        };
        return credential?.Length <= LongestCredential ? credential : null;
    }
}
