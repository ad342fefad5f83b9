namespace SampleIm.Load;

/// <summary>Times of one kind of request; each sender notes its own, so that noting costs nothing.</summary>
public sealed class Latencies
{
    private readonly List<TimeSpan> _times = [];

    public int Count => _times.Count;

    public void Add(TimeSpan time) => _times.Add(time);

    public void Add(Latencies others) => _times.AddRange(others._times);

    /// <summary>p50, p90, p99 and the longest, in milliseconds.</summary>
    public LatencySummary Summarise()
    {
        _times.Sort();
        return new(At(0.5), At(0.9), At(0.99), At(1));
    }

    private double At(double share) =>
        _times.Count == 0 ? 0 : Math.Round(_times[Math.Min(_times.Count - 1, (int)(share * _times.Count))].TotalMilliseconds, 2);
}

/// <summary>Latencies in milliseconds.</summary>
public sealed record LatencySummary(double P50, double P90, double P99, double Max);
