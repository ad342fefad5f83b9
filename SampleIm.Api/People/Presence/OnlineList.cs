using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Options;
using SampleIm.Api.People.Accounts;

namespace SampleIm.Api.People.Presence;

/// <summary>
/// Who is online, in the order of arrival: everybody who made a request within the window, as far as the places reach.
/// </summary>
/// <remarks>
/// Each place is an entry of a memory cache with sliding expiration. A request of somebody who has a place only notes its time,
/// and one of somebody who finds all places taken does nothing: neither takes a lock. When the first place can have expired, each
/// entry is renewed as of its user's last request, and the expired ones are removed. Looking at the list renews nothing. Anyone
/// who has a place keeps it while polling; when all are taken a newcomer waits until one is free.
/// </remarks>
public sealed class OnlineList : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MemoryCache _places;
    private readonly MemoryCacheEntryOptions _sliding;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private Listed _listed = new(new(0, [], false), [], []);
    private long _nextExpiryTicks = long.MaxValue;

    /// <summary>The time of the cache, which only the owner of the lock uses.</summary>
    private TimeSpan _cacheTime;

    public OnlineList(IOptions<PresenceOptions> options, TimeProvider clock)
    {
        (_options, _clock, _started) = (options.Value, clock, clock.GetTimestamp());
        _sliding = new MemoryCacheEntryOptions { SlidingExpiration = _options.Window };
        _places = new MemoryCache(new MemoryCacheOptions
        {
            Clock = new CacheClock(this),
            // Expired entries are removed here; the cache's own scan has nothing to add.
            ExpirationScanFrequency = TimeSpan.FromHours(1),
        });
    }

    /// <summary>Elapsed time, so that setting the wall clock neither empties the list nor freezes it.</summary>
    private TimeSpan Now => _clock.GetElapsedTime(_started);

    /// <summary>Notes a request of this user: keeps the place, or takes one where one is free.</summary>
    public void Touch(KnownUser user)
    {
        var now = Now;
        // Before expired places are removed: this one is not.
        if (Volatile.Read(ref _listed).ByUser.TryGetValue(user.Id, out var place))
        {
            place.TouchedAt = now;
        }

        var listed = Current(now);
        if (!listed.ByUser.ContainsKey(user.Id) && !listed.Shown.IsFull)
        {
            Enter(user, now);
        }
    }

    /// <summary>Frees the user's place at once.</summary>
    public void Leave(KnownUser user)
    {
        lock (_lock)
        {
            _places.Remove(user.Id);
            if (_listed.ByUser.ContainsKey(user.Id))
            {
                Publish(_listed.Places.Where(place => place.User.Id != user.Id));
            }
        }
    }

    /// <summary>The list as it is now. Looking at it keeps nobody on it.</summary>
    public OnlineSnapshot Look() => Current(Now).Shown;

    public bool Contains(long userId) => Current(Now).ByUser.ContainsKey(userId);

    public void Dispose() => _places.Dispose();

    private Listed Current(TimeSpan now)
    {
        if (now.Ticks >= Volatile.Read(ref _nextExpiryTicks))
        {
            lock (_lock)
            {
                RemoveExpired(now);
            }
        }

        return Volatile.Read(ref _listed);
    }

    private void Enter(KnownUser user, TimeSpan now)
    {
        lock (_lock)
        {
            if (_listed.Shown.IsFull || _listed.ByUser.ContainsKey(user.Id))
            {
                return;
            }

            var place = new Place(user) { TouchedAt = now };
            Renew(place);
            Publish(_listed.Places.Append(place));
            _nextExpiryTicks = Math.Min(_nextExpiryTicks, ExpiryOf(place));
        }
    }

    /// <summary>As of the user's last request, which may be some time ago.</summary>
    private void Renew(Place place)
    {
        _cacheTime = place.TouchedAt;
        _places.Set(place.User.Id, place, _sliding);
    }

    private long ExpiryOf(Place place) => (place.TouchedAt + _options.Window).Ticks;

    private void RemoveExpired(TimeSpan now)
    {
        if (now.Ticks < _nextExpiryTicks)
        {
            return;
        }

        foreach (var place in _listed.Places)
        {
            Renew(place);
        }

        // Compacting by nothing removes exactly the expired entries.
        _cacheTime = now;
        _places.Compact(0);
        if (_places.Count != _listed.Places.Count)
        {
            var left = _places.Keys.ToHashSet();
            Publish(_listed.Places.Where(place => left.Contains(place.User.Id) || IsBack(place, now)));
        }

        var next = _listed.Places.Count == 0 ? long.MaxValue : _listed.Places.Min(ExpiryOf);
        Volatile.Write(ref _nextExpiryTicks, next);
    }

    /// <summary>A request came just after the place had been renewed for the last time.</summary>
    private bool IsBack(Place place, TimeSpan now)
    {
        if (place.TouchedAt + _options.Window <= now)
        {
            return false;
        }

        Renew(place);
        return true;
    }

    private void Publish(IEnumerable<Place> inOrder)
    {
        List<Place> places = [.. inOrder];
        var shown = new OnlineSnapshot(
            _listed.Shown.Version + 1, places.ConvertAll(place => place.User), places.Count >= _options.Capacity);
        Volatile.Write(ref _listed, new Listed(shown, places, places.ToDictionary(place => place.User.Id)));
    }

    /// <summary>One of the places on the list.</summary>
    private sealed class Place(KnownUser user)
    {
        private long _touchedAtTicks;

        public KnownUser User { get; } = user;

        public TimeSpan TouchedAt
        {
            get => TimeSpan.FromTicks(Volatile.Read(ref _touchedAtTicks));
            set
            {
                // Of two requests at once the older one may come last.
                if (value.Ticks > Volatile.Read(ref _touchedAtTicks))
                {
                    Volatile.Write(ref _touchedAtTicks, value.Ticks);
                }
            }
        }
    }

    /// <summary>The list and its places, never changed once it is published.</summary>
    private sealed record Listed(OnlineSnapshot Shown, IReadOnlyList<Place> Places, Dictionary<long, Place> ByUser);

    private sealed class CacheClock(OnlineList list) : ISystemClock
    {
        public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + list._cacheTime;
    }
}

/// <summary>The online list at one moment.</summary>
/// <param name="Version">Raised by every change.</param>
/// <param name="Users">In the order of arrival.</param>
/// <param name="IsFull">Whether all places are taken.</param>
public sealed record OnlineSnapshot(long Version, IReadOnlyList<KnownUser> Users, bool IsFull);
