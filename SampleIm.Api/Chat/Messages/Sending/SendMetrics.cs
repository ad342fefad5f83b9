using System.Diagnostics.Metrics;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>Sends from the request to the disk.</summary>
public sealed class SendMetrics
{
    private static readonly InstrumentAdvice<double> s_durationsS = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    private static readonly InstrumentAdvice<int> s_batches = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256],
    };

    private static readonly KeyValuePair<string, object?> s_kept = new("outcome", "kept");
    private static readonly KeyValuePair<string, object?> s_repeated = new("outcome", "repeated");
    private static readonly KeyValuePair<string, object?> s_refused = new("reason", "refused");
    private static readonly KeyValuePair<string, object?> s_unavailable = new("reason", "unavailable");
    private static readonly KeyValuePair<string, object?> s_fault = new("reason", "fault");

    private readonly Counter<long> _sends;
    private readonly Counter<long> _undone;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;
    private Func<int> _queueLength = () => 0;

    public SendMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateServerMeter();
        _sends = meter.CreateCounter<long>(
            "sampleim.sends", "{message}", "Sends acknowledged: kept with 201, repeated with 200");
        _duration = meter.CreateHistogram(
            "sampleim.send.duration", "s", "From a readable send to the commit that its 201 speaks of", null, s_durationsS);
        _batch = meter.CreateHistogram(
            "sampleim.commit.batch", "{message}", "Messages that one transaction made durable", null, s_batches);
        _commit = meter.CreateHistogram(
            "sampleim.commit.duration", "s", "From the first statement of such a transaction to its end on the disk", null,
            s_durationsS);
        _undone = meter.CreateCounter<long>(
            "sampleim.commit.undone", "{transaction}",
            "Transactions of sends, or parts of them, that were undone: a message was refused, the database was away, or a "
                + "fault");
        meter.CreateObservableGauge(
            "sampleim.send.queue", () => _queueLength(), "{message}", "Messages that wait for a transaction");
    }

    /// <summary>Once somebody listens: shows what has not happened yet as zeros.</summary>
    public void ShowZeros()
    {
        _sends.Add(0, s_kept);
        _sends.Add(0, s_repeated);
        _undone.Add(0, s_refused);
        _undone.Add(0, s_unavailable);
        _undone.Add(0, s_fault);
    }

    /// <summary>A message is on the disk and about to be acknowledged.</summary>
    public void Kept(TimeSpan time)
    {
        _sends.Add(1, s_kept);
        _duration.Record(time.TotalSeconds);
    }

    /// <summary>A send turned out to be the retry of one that is there.</summary>
    public void Repeated() => _sends.Add(1, s_repeated);

    /// <summary>One transaction has made this many messages durable.</summary>
    public void Committed(int batch, TimeSpan time)
    {
        _batch.Record(batch);
        _commit.Record(time.TotalSeconds);
    }

    /// <summary>What was written in a transaction, or in a part of it, was undone.</summary>
    /// <param name="fault">What it failed by; null where a message was refused.</param>
    public void Undone(Exception? fault) => _undone.Add(1, fault switch
    {
        null or UniqueViolationException => s_refused,
        StorageUnavailableException => s_unavailable,
        _ => s_fault,
    });

    /// <summary>Whose length <c>sampleim.send.queue</c> shows.</summary>
    public void WatchQueue(Func<int> length) => _queueLength = length;
}
