using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;
using SampleIm.Api.People.Accounts;

namespace SampleIm.Api.People.Presence;

/// <summary>
/// Who is online, in the order of arrival: everybody who made a request within the window, as far as the places reach.
/// </summary>
/// <remarks>
/// Each place is an entry of a memory cache with sliding expiration. Looking an entry up would renew it, so only the
/// user's own request touches it, by setting it again; everything else goes by the cache's keys after the expired ones were
/// swept out. Anyone who has a place keeps it while polling; when all are taken a newcomer waits until one is free. Sweeping
/// at each look would cost more than the poll that looks: it is done when the first place can have expired, not sooner.
/// </remarks>
public sealed class OnlineList : IDisposable
{
    /// <summary>Requests of one user that follow each other closer than this renew the place once.</summary>
    private static readonly TimeSpan s_finest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly MemoryCache _places;
    private readonly MemoryCacheEntryOptions _sliding;
    private readonly Dictionary<long, Place> _byUser = [];
    private readonly PresenceOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private OnlineSnapshot _snapshot = new(0, [], false);
    private long _nextExpiryTicks = long.MaxValue;
    private long _arrivals;

    public OnlineList(IOptions<PresenceOptions> options, TimeProvider clock)
    {
        (_options, _clock, _started) = (options.Value, clock, clock.GetTimestamp());
        _sliding = new MemoryCacheEntryOptions { SlidingExpiration = _options.Window };
        _places = new MemoryCache(new MemoryCacheOptions
        {
            Clock = new CacheClock(this),
            // Expired entries are swept out here; the cache's own scan has nothing to add.
            ExpirationScanFrequency = TimeSpan.FromHours(1),
        });
    }

    /// <summary>Elapsed time, so that setting the wall clock neither empties the list nor freezes it.</summary>
    private TimeSpan Now => _clock.GetElapsedTime(_started);

    /// <summary>Notes a request of this user: renews the place, or takes one where one is free.</summary>
    public void Touch(KnownUser user)
    {
        var now = Now;
        lock (_lock)
        {
            SweepWhenDue(now);
            if (_byUser.TryGetValue(user.Id, out var place))
            {
                if (now - place.TouchedAt >= s_finest)
                {
                    Renew(place, now);
                }
            }
            else if (_byUser.Count < _options.Capacity)
            {
                _byUser[user.Id] = place = new Place(user, _arrivals++);
                Renew(place, now);
                _nextExpiryTicks = Math.Min(_nextExpiryTicks, ExpiryOf(place));
                Publish();
            }
        }
    }

    /// <summary>Frees the user's place at once.</summary>
    public void Leave(KnownUser user)
    {
        lock (_lock)
        {
            _places.Remove(user.Id);
            Sweep();
        }
    }

    /// <summary>The list as it is now. Looking at it keeps nobody on it.</summary>
    public OnlineSnapshot Look()
    {
        var now = Now;
        if (now.Ticks >= Volatile.Read(ref _nextExpiryTicks))
        {
            lock (_lock)
            {
                SweepWhenDue(now);
            }
        }

        return Volatile.Read(ref _snapshot);
    }

    public bool Contains(long userId) => Look().Users.Any(user => user.Id == userId);

    public void Dispose() => _places.Dispose();

    private void Renew(Place place, TimeSpan now)
    {
        place.TouchedAt = now;
        _places.Set(place.User.Id, place, _sliding);
    }

    private long ExpiryOf(Place place) => (place.TouchedAt + _options.Window).Ticks;

    private void SweepWhenDue(TimeSpan now)
    {
        if (now.Ticks >= _nextExpiryTicks)
        {
            Sweep();
        }
    }

    private void Sweep()
    {
        // Compacting by nothing removes exactly the expired entries, now, without a look-up that would renew one.
        _places.Compact(0);
        if (_places.Count != _byUser.Count)
        {
            foreach (var userId in _byUser.Keys.Except(_places.Keys.Cast<long>()).ToList())
            {
                _byUser.Remove(userId);
            }

            Publish();
        }

        Volatile.Write(ref _nextExpiryTicks, _byUser.Count == 0 ? long.MaxValue : _byUser.Values.Min(ExpiryOf));
    }

    private void Publish() => Volatile.Write(ref _snapshot, new OnlineSnapshot(
        _snapshot.Version + 1,
        [.. _byUser.Values.OrderBy(place => place.Arrival).Select(place => place.User)],
        _byUser.Count >= _options.Capacity));

    /// <summary>One of the places on the list.</summary>
    private sealed class Place(KnownUser user, long arrival)
    {
        public KnownUser User { get; } = user;

        public long Arrival { get; } = arrival;

        public TimeSpan TouchedAt { get; set; }
    }

    private sealed class CacheClock(OnlineList list) : ISystemClock
    {
        public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + list.Now;
    }
}

/// <summary>The online list at one moment.</summary>
/// <param name="Version">Raised by every change.</param>
/// <param name="Users">In the order of arrival.</param>
/// <param name="IsFull">Whether all places are taken.</param>
public sealed record OnlineSnapshot(long Version, IReadOnlyList<KnownUser> Users, bool IsFull);
