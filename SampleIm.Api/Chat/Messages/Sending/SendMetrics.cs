using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Storage;


namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>Sends from the request to the disk.</summary>
public sealed class SendMetrics
{
    private static readonly double[] s_durationBoundsS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
    private static readonly double[] s_batchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Tally _kept;
    private readonly Tally _repeated;
    private readonly Tally _refused;
    private readonly Tally _unavailable;
    private readonly Tally _failed;
    private readonly Distribution _duration;
    private readonly Distribution _batch;
    private readonly Distribution _commit;
    private Func<int> _queueLength = () => 0;

    public SendMetrics(Instruments instruments)
    {
        var sends = instruments.AddCounts("sampleim.sends", "{message}", "Sends acknowledged: kept with 201, repeated with 200", "outcome");
        (_kept, _repeated) = (sends.Of("kept"), sends.Of("repeated"));
        _duration = instruments.AddDistribution(
            "sampleim.send.duration", "s", "From a readable send to the commit that its 201 speaks of", s_durationBoundsS);
        _batch = instruments.AddDistribution("sampleim.commit.batch", "{message}", "Messages that one transaction made durable", s_batchBounds);
        _commit = instruments.AddDistribution("sampleim.commit.duration", "s", "From the first statement of such a transaction to its end on the disk", s_durationBoundsS);
        var undone = instruments.AddCounts(
            "sampleim.commit.undone", "{transaction}",
            "Transactions of sends, or parts of them, that were undone: a message was refused, the database was away, or a fault",
            "reason");
        (_refused, _unavailable, _failed) = (undone.Of("refused"), undone.Of("unavailable"), undone.Of("fault"));
        instruments.AddGauge("sampleim.send.queue", "{message}", "Messages that wait for a transaction", () => _queueLength());
    }

    /// <summary>A message is on the disk and about to be acknowledged.</summary>
    public void Kept(TimeSpan time)
    {
        _kept.Increment();
        _duration.Record(time.TotalSeconds);
    }

    /// <summary>A send turned out to be the retry of one that is there.</summary>
    public void Repeated() => _repeated.Increment();

    /// <summary>One transaction has made this many messages durable.</summary>
    public void Committed(int batch, TimeSpan time)
    {
        _batch.Record(batch);
        _commit.Record(time.TotalSeconds);
    }

    /// <summary>What was written in a transaction, or in a part of it, was undone.</summary>
    /// <param name="fault">What it failed by; null where a message was refused.</param>
    public void Undone(Exception? fault)
    {
        var reason = fault switch
        {
            null or UniqueViolationException => _refused,
            StorageUnavailableException => _unavailable,
            _ => _failed,
        };
        reason.Increment();
    }

    /// <summary>Whose length <c>sampleim.send.queue</c> shows.</summary>
    public void WatchQueue(Func<int> length) => _queueLength = length;
}
