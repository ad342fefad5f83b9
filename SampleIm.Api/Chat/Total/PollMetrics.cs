using System.Diagnostics.Metrics;
using SampleIm.Api.Hosting.Metrics;

namespace SampleIm.Api.Chat.Total;

/// <summary>The polls that were answered, and how many of them had nothing to tell.</summary>
public sealed class PollMetrics
{
    private static readonly KeyValuePair<string, object?> s_changed = new("answer", "changed");
    private static readonly KeyValuePair<string, object?> s_unchanged = new("answer", "unchanged");

    private long _changed;
    private long _unchanged;

    /// <summary>Read when somebody asks, so that a poll only raises a number.</summary>
    public PollMetrics(IMeterFactory meters) => meters.CreateServerMeter().CreateObservableCounter(
        "sampleim.polls", Read, "{poll}", "Polls answered: changed with 200, unchanged with 304");

    /// <summary>How many there were.</summary>
    public long Count => Interlocked.Read(ref _changed) + Interlocked.Read(ref _unchanged);

    /// <param name="status">Of the answer; what is neither 200 nor 304 is no answer to a poll.</param>
    public void Answered(int status)
    {
        if (status == StatusCodes.Status304NotModified)
        {
            Interlocked.Increment(ref _unchanged);
        }
        else if (status == StatusCodes.Status200OK)
        {
            Interlocked.Increment(ref _changed);
        }
    }

    private IEnumerable<Measurement<long>> Read() =>
        [new(Interlocked.Read(ref _changed), s_changed), new(Interlocked.Read(ref _unchanged), s_unchanged)];
}
