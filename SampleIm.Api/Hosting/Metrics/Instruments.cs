using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>
/// Everything that is measured, as instruments of one meter for anyone who listens and as a list for <c>/metrics</c>. Both read the
/// same counts, which are kept whether or not anybody listens: raising one costs a few nanoseconds. docs/metrics.md lists them.
/// </summary>
public sealed class Instruments : IDisposable
{
    public const string MeterName = "SampleIm";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, Metric> _all = new();

    /// <summary>All metrics in the order of their names.</summary>
    public IEnumerable<Metric> All => _all.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal);

    public TallyFamily AddCounts(string name, string unit, string description, params string[] labels)
    {
        var family = new TallyFamily(labels);
        AddCounter(name, unit, description, family.Read);
        return family;
    }

    public void AddCounter(string name, string unit, string description, Func<IEnumerable<Measurement<double>>> read)
    {
        Add(new ReadMetric(name, unit, description, IsCounter: true, read));
        _meter.CreateObservableCounter(name, read, unit, description);
    }

    public void AddGauge(string name, string unit, string description, Func<double> read)
    {
        Add(new ReadMetric(name, unit, description, IsCounter: false, () => [new Measurement<double>(read())]));
        _meter.CreateObservableGauge(name, read, unit, description);
    }

    public Distribution AddDistribution(string name, string unit, string description, double[] bounds)
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds };
        var distribution = new Distribution(_meter.CreateHistogram(name, unit, description, tags: null, advice), bounds);
        Add(new DistributedMetric(name, unit, description, distribution));
        return distribution;
    }

    public void Dispose() => _meter.Dispose();

    private void Add(Metric metric)
    {
        if (!_all.TryAdd(metric.Name, metric))
        {
            throw new InvalidOperationException($"There are two metrics named {metric.Name}.");
        }
    }
}
