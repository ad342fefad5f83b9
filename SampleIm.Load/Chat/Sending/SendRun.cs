using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.People.Accounts;


namespace SampleIm.Load.Chat.Sending;

/// <param name="Server">Whom to send to.</param>
/// <param name="Senders">How many send, run by run.</param>
/// <param name="Rate">Messages a second; 0 is a closed loop.</param>
/// <param name="WarmUp">How long before it counts.</param>
/// <param name="Duration">How long it counts, each run.</param>
/// <param name="AccountsPath">Where accounts are kept between runs.</param>
/// <param name="ServerPid">The server's process.</param>
public sealed record SendPlan(
    ServerAddress Server, int[] Senders, int Rate, TimeSpan WarmUp, TimeSpan Duration, string? AccountsPath, int? ServerPid);

/// <summary>What a run of senders came to.</summary>
/// <param name="Senders">How many sent at the same time.</param>
/// <param name="Rate">How many messages a second were to be sent; 0 is as many as go.</param>
/// <param name="Sends">What became of them.</param>
/// <param name="Acknowledged">Messages that the server acknowledged, those of the warm-up too.</param>
/// <param name="AuditFaults">What is wrong with them.</param>
/// <param name="Usage">What it took.</param>
public sealed record SendReport(
    int Senders, int Rate, RequestFigures Sends, long Acknowledged, IReadOnlyList<string> AuditFaults, RunUsage Usage)
{
    public bool IsGood => Sends.ErrorCount == 0 && AuditFaults.Count == 0;
}

/// <summary>Senders into the lobby, and an audit of what is there afterwards.</summary>
public static class SendRun
{
    /// <exception cref="LoadException">A run cannot be made.</exception>
    public static async Task<IReadOnlyList<SendReport>> RunAsync(SendPlan plan, Progress progress, CancellationToken cancel)
    {
        MachineLimits.Check(plan.Senders.Max());
        using var api = new ServerApi(plan.Server.Uri);
        var accounts = await LoadAccounts.ProvideAsync(api, plan.Senders.Max(), plan.AccountsPath, progress, cancel);
        using var watch = ServerWatch.Find(plan.ServerPid, plan.Server.EndPoint.Port);
        var reports = new List<SendReport>();
        foreach (var count in plan.Senders)
        {
            var report = await RunOnceAsync(plan, api, [.. accounts.Take(count)], watch, progress, cancel);
            progress.Say(FormattableString.Invariant($"{count} senders, {report.Usage.Seconds} s"));
            progress.Say("sends", report.Sends);
            progress.SayAudit(report.Acknowledged, report.AuditFaults);
            progress.Say(report.Usage);
            reports.Add(report);
        }

        return reports;
    }

    private static async Task<SendReport> RunOnceAsync(
        SendPlan plan, ServerApi api, IReadOnlyList<LoadAccount> accounts, ServerWatch? watch, Progress progress,
        CancellationToken cancel)
    {
        var audit = await LobbyAudit.BeginAsync(api, accounts[0], cancel);
        using var schedule = new Schedule();
        var pace = plan.Rate == 0
            ? Pace.AtOnce(plan.Server.EndPoint, schedule)
            : Pace.ByTheClock(plan.Server.EndPoint, schedule, TimeSpan.FromSeconds(1) * accounts.Count / plan.Rate);
        var senders = accounts.Select(
            (account, index) => new SendingUser(pace, account, LobbyAudit.Conversation, audit.Run, index)).ToList();
        try
        {
            var run = new PacedRun(schedule, progress, watch);
            await run.ConnectAsync(senders, cancel);
            var usage = await run.RunAsync(
                [new PacedGroup(pace, senders)], plan.WarmUp, plan.Duration, () =>
                    $"Sends: {pace.Tally.Answered} acknowledged, {pace.Tally.Errors} errors.", cancel);
            var acknowledged = senders.SelectMany(sender => sender.Acknowledged).ToList();
            return new SendReport(
                accounts.Count, plan.Rate, RequestFigures.Of(
                    pace.Tally, usage.Seconds), acknowledged.Count, await audit.FinishAsync(acknowledged, cancel), usage);
        }
        finally
        {
            foreach (var sender in senders)
            {
                sender.Dispose();
            }
        }
    }
}
