using System.Diagnostics;
using SampleIm.Load.Chat.Polling;
using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Hosting.Limit;

/// <param name="Server">Whom to ask.</param>
/// <param name="Connections">How many ask at once, comparison by comparison.</param>
/// <param name="Rounds">How many turns each of the two has.</param>
/// <param name="Turn">How long a turn is.</param>
/// <param name="AccountsPath">Where accounts are kept between runs.</param>
/// <param name="ServerPid">The server's process.</param>
public sealed record LimitPlan(
    ServerAddress Server, int[] Connections, int Rounds, TimeSpan Turn, string? AccountsPath, int? ServerPid);

/// <summary>Measures the poll and the bare endpoint in turns, so that what else the machine does falls on both.</summary>
public static class LimitRun
{
    private const double BarNotModified = 80;
    private const double BarWhole = 70;

    private static readonly TimeSpan s_longestRun = TimeSpan.FromSeconds(RunOptions.LongestRunS);

    /// <summary>Both compile their hot paths before they are measured.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Not counted at the begin of each turn: users whose turn it was not have left the online list, and come back.
    /// </summary>
    private static readonly TimeSpan s_lead = TimeSpan.FromSeconds(0.4);

    /// <exception cref="LoadException">The run cannot be made.</exception>
    public static async Task<IReadOnlyList<LimitComparison>> RunAsync(LimitPlan plan, Progress progress, CancellationToken cancel)
    {
        var turns = plan.Turn * (2 * 2 * plan.Connections.Length * plan.Rounds);
        if (turns > s_longestRun)
        {
            throw new LoadException(
                $"These turns take {turns.TotalSeconds} s together, and a run takes {RunOptions.LongestRunS} s at most: fewer "
                + "--connections, --rounds or --seconds.");
        }

        MachineLimits.Check(2 * plan.Connections.Max());
        using var api = new ServerApi(plan.Server.Uri);
        var accounts = await LoadAccounts.ProvideAsync(api, plan.Connections.Max(), plan.AccountsPath, progress, cancel);
        using var watch = ServerWatch.Find(plan.ServerPid, plan.Server.EndPoint.Port);
        using var bare = await BareProcess.StartAsync(cancel);
        using var schedule = new Schedule();
        var comparisons = new List<LimitComparison>();
        foreach (var status in new[] { 304, 200 })
        {
            foreach (var count in plan.Connections)
            {
                var comparison = await CompareAsync(
                    plan, status, [.. accounts.Take(count)], bare, watch, schedule, progress, cancel);
                comparison.Say(progress);
                comparisons.Add(comparison);
            }
        }

        return comparisons;
    }

    private static async Task<LimitComparison> CompareAsync(
        LimitPlan plan, int status, IReadOnlyList<LoadAccount> accounts, BareProcess bare, ServerWatch? watch, Schedule schedule,
        Progress progress, CancellationToken cancel)
    {
        var run = new PacedRun(schedule, progress, null);
        using var polls = new LimitSide(
            plan.Server.Uri, watch, Pace.AtOnce(plan.Server.EndPoint, schedule), pace =>
                accounts.Select(account => new PollingUser(pace, account, asksForChanges: status == 304)));
        await run.ConnectAsync(polls.Users, cancel);
        await polls.TurnAsync(s_warmUp, s_lead, cancel);

        // The same requests to the bare endpoint, byte for byte but for path and port, and as many bytes in answer.
        var (bodyBytes, etag) = (status == 304 ? 0 : polls.Users[0].BodyLength, polls.Users[0].ETag);
        using var bares = new LimitSide(
            new Uri($"http://{bare.EndPoint}"), bare.Watch, Pace.AtOnce(bare.EndPoint, schedule), pace =>
                accounts.Select(
                    account => new PollingUser(pace, account, $"/{bodyBytes}", asksForChanges: false) { ETag = etag }));
        await run.ConnectAsync(bares.Users, cancel);
        await bares.TurnAsync(s_warmUp, s_lead, cancel);
        var (bareTurns, pollTurns) = (new List<Turn>(), new List<Turn>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            progress.ShowNowAndThen($"{status} at {accounts.Count} connections: round {round + 1} of {plan.Rounds}");
            // The one that was first is second in the next round: what drifts falls on both.
            foreach (var side in round % 2 == 0 ? [bares, polls] : new[] { polls, bares })
            {
                (side == bares ? bareTurns : pollTurns).Add(await side.TurnAsync(plan.Turn, s_lead, cancel));
            }
        }

        return new LimitComparison(
            status, accounts.Count, bodyBytes, status == 304 ? BarNotModified : BarWhole,
            LimitComparison.Median(
                bareTurns.Zip(pollTurns, (one, other) => 100 * other.PerSecond / one.PerSecond)), bareTurns, pollTurns,
            polls.Pace.Tally.ErrorsByKind.Concat(bares.Pace.Tally.ErrorsByKind).GroupBy(error => error.Key)
                .ToDictionary(kind => kind.Key, kind => kind.Sum(error => error.Value)));
    }
}

/// <summary>One of the two that are compared, with its users.</summary>
internal sealed class LimitSide : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly AllocatedBytes _allocated;
    private readonly ServerWatch? _watch;

    public LimitSide(Uri server, ServerWatch? watch, Pace pace, Func<Pace, IEnumerable<PollingUser>> makeUsers) =>
        (_allocated, _watch, Pace, Users) = (new AllocatedBytes(server), watch, pace, [.. makeUsers(pace)]);

    public Pace Pace { get; }

    public IReadOnlyList<PollingUser> Users { get; }

    /// <summary>Lets the users ask as often as they can, for the lead and the time that counts.</summary>
    public async Task<Turn> TurnAsync(TimeSpan duration, TimeSpan lead, CancellationToken cancel)
    {
        var (answeredBefore, notModifiedBefore) = (Pace.Tally.Answered, Pace.Tally.NotModified);
        Pace.Start(Users, Stopwatch.GetTimestamp());
        await Task.Delay(lead, cancel);
        var allocated = await _allocated.ReadAsync(cancel);
        var (started, answered, cpu) = (Stopwatch.GetTimestamp(), Pace.Tally.Answered, _watch?.Cpu);
        await Task.Delay(duration, cancel);
        var (took, count) = (Stopwatch.GetElapsedTime(started), Pace.Tally.Answered - answered);
        var cpuTaken = _watch?.Cpu - cpu;
        allocated = await _allocated.ReadAsync(cancel) - allocated;
        Pace.Stop();
        await QuietAsync(cancel);
        // Of the whole turn, when nobody asks any more: between two answers the two counts may be of different moments.
        var (unchanged, all) = (Pace.Tally.NotModified - notModifiedBefore, Pace.Tally.Answered - answeredBefore);
        return count == 0
            ? throw new LoadException(
                $"{Pace.Server} gives no answer that counts: {string.Join(", ", Pace.Tally.ErrorsByKind.Keys)}")
            : new Turn(
                Math.Round(count / took.TotalSeconds, 1), cpuTaken is { } time
                    ? Math.Round(time.TotalMicroseconds / count, 2)
                    : null,
                Math.Round(100.0 * unchanged / all, 2), allocated is { } bytes ? Math.Round((double)bytes / count, 1) : null);
    }

    public void Dispose()
    {
        foreach (var user in Users)
        {
            user.Dispose();
        }

        _allocated.Dispose();
    }

    private async Task QuietAsync(CancellationToken cancel)
    {
        var stopped = Stopwatch.GetTimestamp();
        while (Users.Any(user => user.IsBusy))
        {
            if (Stopwatch.GetElapsedTime(stopped) > s_patience)
            {
                throw new LoadException($"{Pace.Server} does not answer within 10 s.");
            }

            await Task.Delay(5, cancel);
        }
    }
}
