namespace SampleIm.Load.Faults;

/// <summary>Everything that the server has acknowledged until now. Many senders add, many readers look.</summary>
public sealed class Acknowledgements
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Place, List<Acknowledgement>> _byPlace = [];
    private readonly Dictionary<Place, long> _marks = [];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(Place place, Acknowledgement acknowledgement)
    {
        lock (_lock)
        {
            if (!_byPlace.TryGetValue(place, out var list))
            {
                _byPlace[place] = list = [];
            }

            list.Add(acknowledgement);
            _marks[place] = Math.Max(_marks.GetValueOrDefault(place), acknowledgement.Message.Seq);
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>
    /// The highest number that was acknowledged in each conversation of the user: anyone who asks from now on must hear of it.
    /// </summary>
    public Dictionary<Place, long> MarksOf(int user)
    {
        lock (_lock)
        {
            return _marks.Where(mark => mark.Key.Has(user)).ToDictionary();
        }
    }

    public IReadOnlyList<Place> Places
    {
        get
        {
            lock (_lock)
            {
                return [.. _byPlace.Keys];
            }
        }
    }

    /// <summary>All of a conversation, by number.</summary>
    public IReadOnlyList<Acknowledgement> In(Place place)
    {
        lock (_lock)
        {
            return [.. _byPlace.GetValueOrDefault(place, []).OrderBy(acknowledgement => acknowledgement.Message.Seq)];
        }
    }
}
