using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace SampleIm.Api.Hosting.Memory;

/// <summary>
/// Makes the caches whose entries end by time, and clears them of what has ended. A <see cref="MemoryCache"/> does so by itself
/// only when it is used: a server that nobody asks any more would keep for good what its last users have left in it.
/// </summary>
public sealed class ExpiringCaches(TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentBag<MemoryCache> _caches = [];
    private readonly ElapsedClock _clock = new(clock);

    /// <summary>A new cache; anyone who asked for it disposes it.</summary>
    /// <param name="scan">
    /// How soon after their end entries are taken out as long as the cache is used; a minute by default.
    /// </param>
    public MemoryCache Make(TimeSpan? scan = null)
    {
        var cache = new MemoryCache(new MemoryCacheOptions { Clock = _clock, ExpirationScanFrequency = scan ?? s_interval });
        _caches.Add(cache);
        return cache;
    }

    /// <summary>Takes out what has ended by now.</summary>
    public void Clear()
    {
        foreach (var cache in _caches)
        {
            // Compacting by nothing removes exactly the expired entries, without a look-up that would renew one.
            cache.Compact(0);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Clear();
        }
    }

    /// <summary>Elapsed time: setting the clock of the machine neither ends everything at once nor keeps it for ever.</summary>
    private sealed class ElapsedClock(TimeProvider clock) : ISystemClock
    {
        private readonly long _started = clock.GetTimestamp();

        public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + clock.GetElapsedTime(_started);
    }
}
