using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;


namespace SampleIm.Load.Chat.Polling;

/// <summary>What a run of polling users came to.</summary>
/// <param name="Users">How many polled.</param>
/// <param name="SendsPerSecond">How many messages a second were to be sent beside.</param>
/// <param name="Polls">What became of the polls.</param>
/// <param name="Sends">What became of the sends; null where there were none.</param>
/// <param name="Acknowledged">Messages that the server acknowledged, those of the warm-up too.</param>
/// <param name="AuditFaults">What is wrong with them.</param>
/// <param name="Usage">What it took.</param>
public sealed record PollReport(
    int Users, int SendsPerSecond, RequestFigures Polls, RequestFigures? Sends, long Acknowledged,
    IReadOnlyList<string> AuditFaults, RunUsage Usage)
{
    public bool IsGood => Polls.ErrorCount == 0 && (Sends?.ErrorCount ?? 0) == 0 && AuditFaults.Count == 0;

    public void Say(Progress progress)
    {
        progress.Say(FormattableString.Invariant($"{Users} users, {Usage.Seconds} s"));
        progress.Say("polls", Polls);
        progress.Say(FormattableString.Invariant($"  304: {Polls.NotModifiedPercent} %"));
        if (Sends is not null)
        {
            progress.Say("sends", Sends);
            progress.SayAudit(Acknowledged, AuditFaults);
        }

        progress.Say(Usage);
    }
}
