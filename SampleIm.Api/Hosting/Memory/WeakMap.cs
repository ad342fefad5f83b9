using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SampleIm.Api.Hosting.Memory;

/// <summary>
/// One shared object per key for as long as anybody holds it: anyone who looks the key up gets the object that all others
/// see change, and what nobody holds any more is the garbage collector's.
/// </summary>
public sealed class WeakMap<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int SmallestSweep = 1024;

    private readonly ConcurrentDictionary<TKey, WeakReference<TValue>> _entries = new();
    private int _additionsUntilSweep = SmallestSweep;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        value = null;
        return _entries.TryGetValue(key, out var entry) && entry.TryGetTarget(out value);
    }

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> create)
    {
        while (true)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                if (entry.TryGetTarget(out var known))
                {
                    return known;
                }

                _entries.TryRemove(new(key, entry));
            }

            var created = create(key);
            if (_entries.TryAdd(key, new WeakReference<TValue>(created)))
            {
                SweepWhenGrown();
                return created;
            }
        }
    }

    /// <summary>
    /// Drops the dead entries once as many were added as lived after the last sweep: a constant cost per addition.
    /// </summary>
    private void SweepWhenGrown()
    {
        if (Interlocked.Decrement(ref _additionsUntilSweep) != 0)
        {
            return;
        }

        foreach (var entry in _entries)
        {
            if (!entry.Value.TryGetTarget(out _))
            {
                _entries.TryRemove(entry);
            }
        }

        Volatile.Write(ref _additionsUntilSweep, Math.Max(SmallestSweep, _entries.Count));
    }
}
