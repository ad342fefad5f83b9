using SampleIm.Api.Hosting.Metrics;

namespace SampleIm.Api.Chat.Total;

/// <summary>The polls that were answered, and how many of them had nothing to tell.</summary>
public sealed class PollMetrics
{
    private readonly Tally _changed;
    private readonly Tally _unchanged;

    public PollMetrics(Instruments instruments)
    {
        var polls = instruments.AddCounts("sampleim.polls", "{poll}", "Polls answered: changed with 200, unchanged with 304", "answer");
        (_changed, _unchanged) = (polls.Of("changed"), polls.Of("unchanged"));
    }

    /// <param name="status">Of the answer; what is neither 200 nor 304 is no answer to a poll.</param>
    public void Answered(int status)
    {
        if (status == StatusCodes.Status304NotModified)
        {
            _unchanged.Increment();
        }
        else if (status == StatusCodes.Status200OK)
        {
            _changed.Increment();
        }
    }
}
