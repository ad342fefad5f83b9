using System.Diagnostics.Metrics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>How often values of which size came: counted here for the text, and passed on to anyone who listens to the instrument.</summary>
public sealed class Distribution(Histogram<double> instrument, double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    /// <summary>The largest value of each bucket but the last, which has none.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    public void Record(double value)
    {
        instrument.Record(value);
        var bucket = Array.FindIndex(bounds, bound => value <= bound);
        lock (_lock)
        {
            _counts[bucket < 0 ? bounds.Length : bucket]++;
            _sum += value;
        }
    }

    /// <summary>How many values each bucket has, and the sum of all values.</summary>
    public (IReadOnlyList<long> Counts, double Sum) Read()
    {
        lock (_lock)
        {
            return ([.. _counts], _sum);
        }
    }
}
