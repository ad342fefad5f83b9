using System.Globalization;
using SampleIm.Load.Hosting.Measuring;


namespace SampleIm.Load.Faults;

/// <summary>What came of a run of faults.</summary>
/// <param name="Killed">What was killed.</param>
/// <param name="Seed">What the random moments followed from.</param>
/// <param name="KillsWanted">How often it was to be killed.</param>
/// <param name="Kills">How often it was.</param>
/// <param name="KillsWhileStarting">Of them, those during a start, before it worked.</param>
/// <param name="KillsWithSendsInFlight">Of them, those while a message was sent and not yet answered.</param>
/// <param name="SendsInFlight">Such messages, all kills together.</param>
/// <param name="Acknowledged">Messages that were acknowledged.</param>
/// <param name="WrittenByRetry">Of them, those in doubt whose retry was answered 201: they had not been committed.</param>
/// <param name="FoundByRetry">
/// Of them, those in doubt whose retry was answered 200: they had been committed, and the answer was lost.
/// </param>
/// <param name="Unanswered">Sends without an answer.</param>
/// <param name="Unavailable">Sends that were answered 503.</param>
/// <param name="Conversations">The lobby and direct ones.</param>
/// <param name="Readers">How many read all the while.</param>
/// <param name="MessagesRead">Messages that readers got, together.</param>
/// <param name="Polls">Polls that were answered.</param>
/// <param name="NotModified">Of them, those by 304.</param>
/// <param name="CookiesChecked">Cookies that were tried after a restart.</param>
/// <param name="RestartMs">From the start of the process until it worked.</param>
/// <param name="OutageMs">From the kill until a message was acknowledged again.</param>
/// <param name="Seconds">How long it all took.</param>
/// <param name="AuditFaults">What was found wrong.</param>
public sealed record FaultReport(
    string Killed, int Seed, int KillsWanted, int Kills, int KillsWhileStarting, int KillsWithSendsInFlight, int SendsInFlight,
    long Acknowledged,
    long WrittenByRetry, long FoundByRetry, long Unanswered, long Unavailable, int Conversations, int Readers, long MessagesRead,
    long Polls,
    long NotModified, int CookiesChecked, LatencySummary RestartMs, LatencySummary OutageMs, double Seconds,
    IReadOnlyList<string> AuditFaults)
{
    public bool IsGood => AuditFaults.Count == 0 && Kills == KillsWanted;

    public void Say(Progress progress)
    {
        progress.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Killed} killed {Kills} times of {KillsWanted} in {Seconds} s (--seed {Seed}), {KillsWhileStarting} times "
                + $"while it started"));
        progress.Say($"  sends in flight: at {KillsWithSendsInFlight} kills, {SendsInFlight} together");
        progress.Say(
            $"  sends in doubt: {FoundByRetry} had been committed (retry answered 200), {WrittenByRetry} had not (201); "
            + $"{Unanswered} times no answer, {Unavailable} times 503");
        progress.Say(FormattableString.Invariant($"  restart: {RestartMs}"));
        progress.Say(FormattableString.Invariant($"  from the kill to the next acknowledged message: {OutageMs}"));
        progress.Say(
            $"  {Readers} readers got {MessagesRead} messages of {Conversations} conversations by {Polls} polls, {NotModified} "
            + $"of them 304; {CookiesChecked} cookies tried after restarts");
        progress.Say(
            $"audit of {Acknowledged} acknowledged messages: {(
                AuditFaults.Count == 0 ? "clean" : string.Join("\n  ", AuditFaults.Prepend("")))}");
    }
}
