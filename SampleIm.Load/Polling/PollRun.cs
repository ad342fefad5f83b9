using SampleIm.Load.Accounts;
using SampleIm.Load.Commands;
using SampleIm.Load.Measuring;
using SampleIm.Load.Pacing;
using SampleIm.Load.Sending;

namespace SampleIm.Load.Polling;

/// <param name="Server">Whom to ask.</param>
/// <param name="Users">How many ask.</param>
/// <param name="WarmUp">How long before it counts.</param>
/// <param name="Duration">How long it counts.</param>
/// <param name="SendsPerSecond">How many messages are sent beside.</param>
/// <param name="Obeys">Whether users ask when the server says, and not by the clock.</param>
/// <param name="AccountsPath">Where accounts are kept between runs.</param>
/// <param name="ServerPid">The server's process.</param>
public sealed record PollPlan(
    ServerAddress Server, int Users, TimeSpan WarmUp, TimeSpan Duration, int SendsPerSecond, bool Obeys, string? AccountsPath, int? ServerPid);

/// <summary>Users who poll, and some who send beside.</summary>
public static class PollRun
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <exception cref="LoadException">The run cannot be made.</exception>
    public static async Task<PollReport> RunAsync(PollPlan plan, Progress progress, CancellationToken cancel)
    {
        // As many senders as messages a second, so that none has to write faster than once a second.
        var senderCount = Math.Min(plan.Users, plan.SendsPerSecond);
        MachineLimits.Check(plan.Users + senderCount);
        using var api = new ServerApi(plan.Server.Uri);
        var accounts = await LoadAccounts.ProvideAsync(api, plan.Users, plan.AccountsPath, progress, cancel);
        var audit = await LobbyAudit.BeginAsync(api, accounts[0], cancel);
        using var watch = ServerWatch.Find(plan.ServerPid, plan.Server.EndPoint.Port);
        using var schedule = new Schedule();
        var polls = plan.Obeys
            ? Pace.AfterAnswers(plan.Server.EndPoint, schedule, s_interval)
            : Pace.ByTheClock(plan.Server.EndPoint, schedule, s_interval);
        var users = accounts.Select(account => new PollingUser(polls, account)).ToList();
        var sends = Pace.ByTheClock(plan.Server.EndPoint, schedule, s_interval * senderCount / Math.Max(1, plan.SendsPerSecond));
        var senders = accounts.Take(senderCount).Select((account, index) => new SendingUser(sends, account, LobbyAudit.Conversation, audit.Run, index)).ToList();
        try
        {
            var run = new PacedRun(progress, watch);
            await run.ConnectAsync([.. users, .. senders], cancel);
            var usage = await run.RunAsync(
                [new PacedGroup(polls, users), new PacedGroup(sends, senders)], plan.WarmUp, plan.Duration,
                () => $"Polls: {polls.Tally.Answered} answered, {polls.Tally.Errors} errors. Sends: {sends.Tally.Answered} acknowledged, {sends.Tally.Errors} errors.", cancel);
            var acknowledged = senders.SelectMany(sender => sender.Acknowledged).ToList();
            return new PollReport(
                plan.Users, plan.SendsPerSecond, RequestFigures.Of(polls.Tally, usage.Seconds), senderCount == 0 ? null : RequestFigures.Of(sends.Tally, usage.Seconds),
                acknowledged.Count, senderCount == 0 ? [] : await audit.FinishAsync(acknowledged, cancel), usage);
        }
        finally
        {
            foreach (var user in users.Concat<PacedUser>(senders))
            {
                user.Dispose();
            }
        }
    }
}
