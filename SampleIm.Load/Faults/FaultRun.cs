using System.Diagnostics;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Faults;

/// <summary>A server of its own, people who send and read, one who kills, and an audit of what is there in the end.</summary>
public static class FaultRun
{
    /// <exception cref="LoadException">The run cannot be made.</exception>
    public static async Task<FaultReport> RunAsync(FaultPlan plan, Progress progress, CancellationToken cancel)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var program = OwnServer.Find(plan.Program);
        using var folder = RunFolder.Open(plan.DataPath);
        await using var mariaDb = plan.KillsMariaDb
            ? new OwnMariaDb(Path.Combine(folder.Path, "mariadb"), plan.HasBinaryLog)
            : null;
        progress.Say($"Seed {plan.Seed}. Data in {folder.Path}.");
        if (mariaDb is not null)
        {
            await mariaDb.InstallAsync(cancel);
            await mariaDb.StartAsync(cancel);
        }

        await using var server = new OwnServer(
            program, folder.Path, mariaDb is null
                ? []
                : ["--Database:Provider=MySql", $"--Database:ConnectionString={mariaDb.ConnectionString}"]);
        await server.StartAsync(cancel);
        using var api = new ServerApi(new Uri($"http://{server.EndPoint}"));
        var accounts = await LoadAccounts.ProvideAsync(api, plan.Senders, null, progress, cancel);
        var scene = new FaultScene(server.EndPoint, accounts, await api.MarkAsync(accounts[0], "lobby", cancel));
        Killer killer;
        IReadOnlyList<string> faults;
        try
        {
            (killer, var readers) = await PlayAsync(scene, plan, (OwnProcess?)mariaDb ?? server, progress, cancel);
            progress.Say(
                $"Reading {scene.Acknowledged.Count} messages back, from a server that was started again: what it tells is in "
                + "the database, and not only in its memory.");
            await server.KillAsync();
            await server.StartAsync(cancel);
            faults = [.. await FaultAudit.AuditAsync(scene, api, readers, cancel), .. scene.Findings.ToList()];
        }
        catch (LoadException fault)
        {
            // What does not start again after a kill has to be looked at.
            folder.IsKept = true;
            throw new LoadException($"{fault.Message}\nThe data is kept in {folder.Path}.");
        }

        var report = new FaultReport(
            plan.KillsMariaDb
                ? "MariaDB"
                : "server", plan.Seed, plan.Kills, killer.Kills, killer.KillsWhileStarting, killer.KillsWithSendsInFlight,
                killer.SendsInFlight,
            scene.Acknowledged.Count, scene.Sends.WrittenByRetry, scene.Sends.FoundByRetry, scene.Sends.Unanswered,
            scene.Sends.Unavailable,
            scene.Acknowledged.Places.Count, plan.Readers, scene.Reads.Messages, scene.Reads.Polls, scene.Reads.NotModified,
            killer.CookiesChecked,
            killer.Restarts.Summarise(), killer.Outages.Summarise(), Math.Round(
                Stopwatch.GetElapsedTime(startedAt).TotalSeconds, 1), faults);
        report.Say(progress);
        if (report.AuditFaults.Count > 0)
        {
            folder.IsKept = true;
            progress.Say($"The data is kept in {folder.Path}.");
        }

        return report;
    }

    private static async Task<(Killer Killer, IReadOnlyList<FollowingReader> Readers)> PlayAsync(
        FaultScene scene, FaultPlan plan, OwnProcess victim, Progress progress, CancellationToken cancel)
    {
        // Whatever ends the run ends everybody in it.
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var enough = new CancellationTokenSource();
        var senders = Enumerable.Range(0, plan.Senders).Select(user => new PersistentSender(scene, user)).ToList();
        var readers = Enumerable.Range(0, plan.Readers).Select(user => new FollowingReader(scene, user)).ToList();
        var killer = new Killer(scene, victim, senders, plan);
        progress.Say($"{plan.Senders} send, {plan.Readers} of them read along. {victim.Name} is killed {plan.Kills} times.");
        var sending = Task.WhenAll(
            senders.Select(sender => Task.Run(() => sender.RunAsync(enough.Token, all.Token), CancellationToken.None)));
        var reading = Task.WhenAll(
            readers.Select(reader => Task.Run(() => reader.RunAsync(sending, all.Token), CancellationToken.None)));
        try
        {
            await killer.RunAsync(progress, all.Token);
            await enough.CancelAsync();
            await Task.WhenAll(sending, reading);
            return (killer, readers);
        }
        finally
        {
            await all.CancelAsync();
            await Task.WhenAll(sending, reading)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            senders.ForEach(sender => sender.Dispose());
            readers.ForEach(reader => reader.Dispose());
        }
    }
}
