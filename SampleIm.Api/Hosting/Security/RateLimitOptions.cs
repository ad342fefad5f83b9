using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// Section <c>RateLimits</c>. The defaults let a person type fast and a class behind one address register and sign in
/// within a minute; they slow a program down that does either all the time.
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>Whether there are any limits.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Sent and edited messages of one user.</summary>
    public RateLimit Send { get; set; } = new(600, TimeSpan.FromMinutes(1));

    /// <summary>Uploads of one user.</summary>
    public RateLimit Upload { get; set; } = new(60, TimeSpan.FromMinutes(1));

    /// <summary>Attempts to register from one address.</summary>
    public RateLimit Register { get; set; } = new(600, TimeSpan.FromMinutes(10));

    /// <summary>
    /// Sign-ins tried, from one network or from one device that has signed in before; refreshes of one session; refresh tokens
    /// that are not valid, from one network.
    /// </summary>
    public RateLimit Login { get; set; } = new(300, TimeSpan.FromMinutes(1));

    /// <summary>
    /// Sign-ins tried under one name, wherever from: more than what locks it in one network. What meets that lock does not count,
    /// and neither does a device on which the name's owner has signed in before.
    /// </summary>
    public RateLimit LoginName { get; set; } = new(30, TimeSpan.FromMinutes(1));

    /// <summary>
    /// Changes that one user makes to the own profile, because a new name has everybody's next poll rendered again, and to the
    /// own password.
    /// </summary>
    public RateLimit Profile { get; set; } = new(30, TimeSpan.FromMinutes(1));

    /// <summary>Searches for people by one user: the only read that looks at all accounts. As fast as anybody types.</summary>
    public RateLimit Search { get; set; } = new(300, TimeSpan.FromMinutes(1));
}

/// <summary>So many at once, and in each window as many again, coming back one by one.</summary>
public sealed class RateLimit(int permits, TimeSpan window)
{
    [Range(1, 1_000_000)]
    public int Permits { get; set; } = permits;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = window;

    /// <summary>
    /// The bucket of the caller for whom this counts. A full one is forgotten after some seconds, so that memory holds only those
    /// who have called within the window.
    /// </summary>
    /// <param name="key">Who is counted in it.</param>
    /// <param name="times">How many times the permits it has, where it is shared.</param>
    public RateLimitPartition<TKey> For<TKey>(TKey key, int times = 1) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
    {
        TokenLimit = Permits * times,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = Window / (Permits * times),
        // All buckets are filled by one timer and not each by its own.
        AutoReplenishment = false,
    });
}
