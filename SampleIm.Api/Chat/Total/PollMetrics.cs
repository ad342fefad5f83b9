using System.Diagnostics.Metrics;
using SampleIm.Api.Hosting.Metrics;

namespace SampleIm.Api.Chat.Total;

/// <summary>The polls that were answered, and how many of them had nothing to tell.</summary>
public sealed class PollMetrics
{
    private static readonly KeyValuePair<string, object?> s_changed = new("answer", "changed");
    private static readonly KeyValuePair<string, object?> s_unchanged = new("answer", "unchanged");

    private readonly Counter<long> _polls;

    public PollMetrics(IMeterFactory meters) => _polls = meters.CreateServerMeter().CreateCounter<long>(
        "sampleim.polls", "{poll}", "Polls answered: changed with 200, unchanged with 304");

    /// <summary>Once somebody listens: shows what has not happened yet as zeros.</summary>
    public void ShowZeros()
    {
        _polls.Add(0, s_changed);
        _polls.Add(0, s_unchanged);
    }

    /// <param name="status">Of the answer; what is neither 200 nor 304 is no answer to a poll.</param>
    public void Answered(int status)
    {
        if (status == StatusCodes.Status304NotModified)
        {
            _polls.Add(1, s_unchanged);
        }
        else if (status == StatusCodes.Status200OK)
        {
            _polls.Add(1, s_changed);
        }
    }
}
