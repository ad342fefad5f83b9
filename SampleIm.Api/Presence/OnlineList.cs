using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;
using SampleIm.Api.Accounts;

namespace SampleIm.Api.Presence;

/// <summary>
/// Who is online, in the order of arrival: everybody who made a request within the window, as far as the places reach.
/// </summary>
/// <remarks>
/// Each place is an entry of a memory cache with sliding expiration. Looking an entry up would renew it, so only the
/// user's own request touches it, by setting it anew; everything else goes by the cache's keys after the expired ones were
/// swept out. Whoever has a place keeps it while polling; when all are taken a newcomer waits until one is free.
/// </remarks>
public sealed class OnlineList : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryCache _places;
    private readonly List<KnownUser> _arrivals = [];
    private readonly PresenceOptions _options;
    private OnlineSnapshot _snapshot = new(0, [], false);

    public OnlineList(IOptions<PresenceOptions> options, TimeProvider clock)
    {
        _options = options.Value;
        _places = new MemoryCache(new MemoryCacheOptions
        {
            Clock = new CacheClock(clock),
            // Expired entries are swept out at each look at the list; the cache's own scan has nothing to add.
            ExpirationScanFrequency = TimeSpan.FromHours(1),
        });
    }

    /// <summary>Notes a request of this user: renews the place, or takes one where one is free.</summary>
    public void Touch(KnownUser user)
    {
        lock (_lock)
        {
            var left = Sweep();
            var arrived = !_arrivals.Contains(user) && _arrivals.Count < _options.Capacity;
            if (arrived)
            {
                _arrivals.Add(user);
            }

            if (arrived || _arrivals.Contains(user))
            {
                _places.Set(user.Id, user, new MemoryCacheEntryOptions { SlidingExpiration = _options.Window });
            }

            Publish(left || arrived);
        }
    }

    /// <summary>Frees the user's place at once.</summary>
    public void Leave(KnownUser user)
    {
        lock (_lock)
        {
            _places.Remove(user.Id);
            Publish(Sweep());
        }
    }

    /// <summary>The list as it is now. Looking at it keeps nobody on it.</summary>
    public OnlineSnapshot Look()
    {
        lock (_lock)
        {
            Publish(Sweep());
            return _snapshot;
        }
    }

    public bool Contains(long userId) => Look().Users.Any(user => user.Id == userId);

    public void Dispose() => _places.Dispose();

    private bool Sweep()
    {
        // Compacting by nothing removes exactly the expired entries, now, without a look-up that would renew one.
        _places.Compact(0);
        return _places.Count != _arrivals.Count && _arrivals.RemoveAll(user => !_places.Keys.Contains(user.Id)) > 0;
    }

    private void Publish(bool changed)
    {
        if (changed)
        {
            _snapshot = new OnlineSnapshot(_snapshot.Version + 1, [.. _arrivals], _arrivals.Count >= _options.Capacity);
        }
    }

    /// <summary>Time for the cache by elapsed time, so that setting the wall clock neither empties the list nor freezes it.</summary>
    private sealed class CacheClock(TimeProvider clock) : ISystemClock
    {
        private readonly DateTimeOffset _origin = clock.GetUtcNow();
        private readonly long _started = clock.GetTimestamp();

        public DateTimeOffset UtcNow => _origin + clock.GetElapsedTime(_started);
    }
}

/// <summary>The online list at one moment.</summary>
/// <param name="Version">Raised by every change.</param>
/// <param name="Users">In the order of arrival.</param>
/// <param name="IsFull">Whether all places are taken.</param>
public sealed record OnlineSnapshot(long Version, IReadOnlyList<KnownUser> Users, bool IsFull);
