using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;


namespace SampleIm.Load.Chat.Chatting;

/// <summary>What a chat came to.</summary>
/// <param name="Users">How many talked.</param>
/// <param name="WritesPerSecond">How many messages they were to write a second.</param>
/// <param name="Polls">What became of their polls.</param>
/// <param name="Reads">Of the pages of new messages that they fetched.</param>
/// <param name="Writes">Of what they wrote.</param>
/// <param name="SeenAfterMs">From the moment when a message was to be written until a reader had it.</param>
/// <param name="Acknowledged">Messages that the server acknowledged.</param>
/// <param name="AuditFaults">What is wrong with what the readers got.</param>
/// <param name="Usage">What it took.</param>
public sealed record ChatReport(
    int Users, int WritesPerSecond, RequestFigures Polls, RequestFigures Reads, RequestFigures Writes, LatencySummary SeenAfterMs,
    long Acknowledged, IReadOnlyList<string> AuditFaults, RunUsage Usage)
{
    public bool IsGood => Polls.ErrorCount + Reads.ErrorCount + Writes.ErrorCount == 0 && AuditFaults.Count == 0;

    public void Say(Progress progress)
    {
        progress.Say(FormattableString.Invariant($"{Users} users, {Usage.Seconds} s"));
        progress.Say("polls", Polls);
        progress.Say("reads", Reads);
        progress.Say("writes", Writes);
        progress.Say($"seen by a reader after: {SeenAfterMs}");
        progress.SayAudit(Acknowledged, AuditFaults);
        progress.Say(Usage);
    }
}
