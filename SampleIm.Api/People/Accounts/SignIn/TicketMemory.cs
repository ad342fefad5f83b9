using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;
using SampleIm.Api.Hosting.Memory;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// Remembers what cookies and tokens were decrypted to: the same text comes with each request of a client, and decrypting it
/// costs more than most requests do otherwise. Whether the session that it names still stands is asked each time. Only what came
/// twice is remembered: anyone who polls comes here once a minute (the poll keeps its own memory), and tickets take kilobytes.
/// </summary>
public sealed class TicketMemory(ISecureDataFormat<AuthenticationTicket> inner, ExpiringCaches caches, TimeProvider clock)
    : ISecureDataFormat<AuthenticationTicket>, IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>A ticket takes kilobytes, and anyone who only polls does not need it for the next poll.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _tickets = caches.Make(s_idle);
    private readonly int[] _cameOnce = new int[4096];

    public string Protect(AuthenticationTicket data) => inner.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(data, purpose);

    public AuthenticationTicket? Unprotect(string? protectedText) => Unprotect(protectedText, null);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose)
    {
        if (protectedText is null || purpose is not null)
        {
            return inner.Unprotect(protectedText, purpose);
        }

        if (!_tickets.TryGetValue(protectedText, out AuthenticationTicket? ticket)
            && (ticket = inner.Unprotect(protectedText)) is not null
            && CameLately(protectedText))
        {
            _tickets.Set(
                protectedText, ticket,
                new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = s_longest, SlidingExpiration = s_idle });
        }

        // A ticket of one's own: anyone who gets it may change its properties.
        return ticket?.Clone();
    }

    public void Dispose() => _tickets.Dispose();

    /// <summary>
    /// Whether it came within the last seconds; notes that it does now. Where another text has the same mark, a ticket is
    /// remembered too soon.
    /// </summary>
    private bool CameLately(string protectedText)
    {
        var mark = HashCode.Combine(
            protectedText, clock.GetTimestamp() / (s_idle.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond));
        return Interlocked.Exchange(ref _cameOnce[(uint)mark % _cameOnce.Length], mark) == mark;
    }
}
