using System.Net;
using SampleIm.Load.Chat.Sending;
using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Limit;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Polling;

/// <param name="Server">Whom to ask.</param>
/// <param name="Users">How many ask.</param>
/// <param name="WarmUp">How long before it counts.</param>
/// <param name="Duration">How long it counts.</param>
/// <param name="SendsPerSecond">How many messages are sent beside.</param>
/// <param name="Obeys">Whether users ask when the server says, and not by the clock.</param>
/// <param name="AccountsPath">Where accounts are kept between runs.</param>
/// <param name="ServerPid">The server's process.</param>
public sealed record PollPlan(
    ServerAddress Server, int Users, TimeSpan WarmUp, TimeSpan Duration, int SendsPerSecond, bool Obeys, string? AccountsPath,
    int? ServerPid);

/// <summary>Users who poll, and some who send beside.</summary>
public static class PollRun
{
    /// <summary>About as long as the server's own, so that the bare endpoint reads as much.</summary>
    private const int UsualCookieLength = 400;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <exception cref="LoadException">The run cannot be made.</exception>
    public static async Task<PollReport> RunAsync(PollPlan plan, Progress progress, CancellationToken cancel)
    {
        // As many senders as messages a second, so that none has to write faster than once a second.
        var senderCount = Math.Min(plan.Users, plan.SendsPerSecond);
        MachineLimits.Check(plan.Users + senderCount);
        using var api = new ServerApi(plan.Server.Uri);
        var accounts = await LoadAccounts.ProvideAsync(api, plan.Users, plan.AccountsPath, progress, cancel);
        using var watch = ServerWatch.Find(plan.ServerPid, plan.Server.EndPoint.Port);
        using var schedule = new Schedule();
        var polls = MakePace(plan, plan.Server.EndPoint, schedule);
        var users = accounts.Select(account => new PollingUser(polls, account)).ToList();
        if (senderCount == 0)
        {
            return await PollAsync(plan, users, null, new PacedRun(schedule, progress, watch), cancel);
        }

        var audit = await LobbyAudit.BeginAsync(api, accounts[0], cancel);
        var sends = Pace.ByTheClock(plan.Server.EndPoint, schedule, s_interval * senderCount / plan.SendsPerSecond);
        var senders = accounts.Take(senderCount)
            .Select((account, index) => new SendingUser(sends, account, LobbyAudit.Conversation, audit.Run, index)).ToList();
        var report = await PollAsync(plan, users, senders, new PacedRun(schedule, progress, watch), cancel);
        var acknowledged = senders.SelectMany(sender => sender.Acknowledged).ToList();
        return report with { Acknowledged = acknowledged.Count, AuditFaults = await audit.FinishAsync(acknowledged, cancel) };
    }

    /// <summary>
    /// The same polls to the bare endpoint, which answers each with 304: what this machine and this program can do at best.
    /// </summary>
    /// <exception cref="LoadException">The run cannot be made.</exception>
    public static async Task<PollReport> RunBareAsync(PollPlan plan, Progress progress, CancellationToken cancel)
    {
        if (plan.SendsPerSecond > 0)
        {
            throw new LoadException("--bare and --sends-per-second do not go together: a bare endpoint takes no messages.");
        }

        MachineLimits.Check(plan.Users);
        using var bare = await BareProcess.StartAsync(cancel);
        using var schedule = new Schedule();
        var polls = MakePace(plan, bare.EndPoint, schedule);
        var account = new LoadAccount("nobody", $"SampleIm={new string('x', UsualCookieLength)}");
        var users = Enumerable.Range(0, plan.Users)
            .Select(_ => new PollingUser(polls, account, "/0") { ETag = $"\"{new string('0', 32)}\"" }).ToList();
        return await PollAsync(plan, users, null, new PacedRun(schedule, progress, bare.Watch), cancel);
    }

    private static Pace MakePace(PollPlan plan, IPEndPoint server, Schedule schedule) =>
        plan.Obeys ? Pace.AfterAnswers(server, schedule, s_interval) : Pace.ByTheClock(server, schedule, s_interval);

    private static async Task<PollReport> PollAsync(
        PollPlan plan, List<PollingUser> users, List<SendingUser>? senders, PacedRun run, CancellationToken cancel)
    {
        var all = users.Concat<PacedUser>(senders ?? []).ToList();
        try
        {
            await run.ConnectAsync(all, cancel);
            var (polls, sends) = (users[0].Pace, senders?[0].Pace);
            IReadOnlyList<PacedGroup> groups = senders is null ? [new(polls, users)] : [new(polls, users), new(sends!, senders)];
            var usage = await run.RunAsync(
                groups, plan.WarmUp, plan.Duration, () => $"Polls: {polls.Tally.Answered} answered, {polls.Tally.Errors} errors."
                    + (
                        sends is null
                            ? ""
                            : $" Sends: {sends.Tally.Answered} acknowledged, {sends.Tally.Errors} errors."), cancel);
            return new PollReport(
                plan.Users, plan.SendsPerSecond, RequestFigures.Of(polls.Tally, usage.Seconds), sends is null
                    ? null
                    : RequestFigures.Of(sends.Tally, usage.Seconds), 0, [], usage);
        }
        finally
        {
            foreach (var user in all)
            {
                user.Dispose();
            }
        }
    }
}
