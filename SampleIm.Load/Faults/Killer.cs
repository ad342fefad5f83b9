using System.Diagnostics;
using System.Text.Json;
using SampleIm.Load.Hosting.Measuring;

namespace SampleIm.Load.Faults;

/// <summary>
/// Kills the server, or the database under it, again and again at random moments under load, and starts it again.
/// </summary>
public sealed class Killer(FaultScene scene, OwnProcess victim, IReadOnlyList<PersistentSender> senders, FaultPlan plan)
{
    /// <summary>One restart in so many is killed as well, for a recovery may be interrupted, too.</summary>
    private const int StartEach = 10;

    private const int LongestStartMs = 600;

    private static readonly TimeSpan s_loadPatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(5);

    private readonly Random _random = new(plan.Seed);

    public int Kills { get; private set; }

    public int KillsWhileStarting { get; private set; }

    public int KillsWithSendsInFlight { get; private set; }

    /// <summary>Sends that were under way, all kills together.</summary>
    public int SendsInFlight { get; private set; }

    public int CookiesChecked { get; private set; }

    /// <summary>From the start of the process until it worked.</summary>
    public Latencies Restarts { get; } = new();

    /// <summary>From the kill until a message was acknowledged again.</summary>
    public Latencies Outages { get; } = new();

    /// <summary>Returns under load, after the last restart. Where the server does not come back it stops before.</summary>
    public async Task RunAsync(Progress progress, CancellationToken cancel)
    {
        var begunAt = Stopwatch.GetTimestamp();
        var acknowledged = 0L;
        while (await IsUnderLoadAsync(acknowledged, cancel)
            && Kills < plan.Kills
            && Stopwatch.GetElapsedTime(begunAt) < plan.Longest)
        {
            await Task.Delay(_random.Next(plan.LongestLoadMs + 1), cancel);
            var killedAt = Stopwatch.GetTimestamp();
            var inFlight = senders.Count(sender => sender.IsWaiting);
            await KillAsync();
            SendsInFlight += inFlight;
            KillsWithSendsInFlight += inFlight > 0 ? 1 : 0;
            if (_random.Next(StartEach) == 0 && Kills < plan.Kills)
            {
                victim.Begin();
                await Task.Delay(_random.Next(LongestStartMs + 1), cancel);
                await KillAsync();
                KillsWhileStarting++;
            }

            acknowledged = scene.Acknowledged.Count;
            Restarts.Add((await victim.StartAsync(cancel)).Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond));
            if (!await IsUnderLoadAsync(acknowledged, cancel))
            {
                return;
            }

            Outages.Add(Stopwatch.GetTimestamp() - killedAt);
            await CheckCookiesAsync(cancel);
            acknowledged = scene.Acknowledged.Count;
            progress.ShowNowAndThen(
                $"Kill {Kills} of {plan.Kills}: {inFlight} sends were in flight. {scene.Acknowledged.Count} acknowledged until "
                + "now.");
        }
    }

    private async Task KillAsync()
    {
        await victim.KillAsync();
        Kills++;
        scene.NextLife();
    }

    /// <summary>Waits until a message was acknowledged after so many. False, and found, where that does not come.</summary>
    private async Task<bool> IsUnderLoadAsync(long acknowledged, CancellationToken cancel)
    {
        for (var since = Stopwatch.GetTimestamp(); scene.Acknowledged.Count <= acknowledged;)
        {
            if (Stopwatch.GetElapsedTime(since) > s_loadPatience)
            {
                scene.Findings.Add($"after kill {Kills} no message was acknowledged within {s_loadPatience.TotalSeconds} s");
                return false;
            }

            await Task.Delay(s_lookEvery, cancel);
        }

        return true;
    }

    /// <summary>Each cookie, which is older than all kills, still signs in the one that it is of.</summary>
    private async Task CheckCookiesAsync(CancellationToken cancel)
    {
        var names = await Task.WhenAll(scene.Accounts.Select(async account =>
        {
            using var line = new ServerLine(scene.Server, account);
            var since = Stopwatch.GetTimestamp();
            var answer = await line.GetAsync("/api/account", cancel);
            while (answer.Status is 0 or 503 && Stopwatch.GetElapsedTime(since) < s_loadPatience)
            {
                await Task.Delay(s_lookEvery, cancel);
                answer = await line.GetAsync("/api/account", cancel);
            }

            if (answer.Status != 200)
            {
                return $"status {answer.Status}";
            }

            using var own = JsonDocument.Parse(answer.Body);
            return own.RootElement.GetProperty("username").GetString();
        }));
        CookiesChecked += names.Length;
        foreach (var (account, name) in scene.Accounts.Zip(names).Where(pair => pair.First.Username != pair.Second))
        {
            scene.Findings.Add($"the cookie of {account.Username} was one of '{name}' after kill {Kills}");
        }
    }
}
