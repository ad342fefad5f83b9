using System.Diagnostics;
using System.Net.Sockets;
using SampleIm.Load.Hosting.Measuring;

namespace SampleIm.Load.Hosting.Pacing;

/// <summary>What a run took.</summary>
/// <param name="Seconds">How long requests were counted.</param>
/// <param name="Server">The server's process; null where it was not found.</param>
/// <param name="Generator">This process.</param>
public sealed record RunUsage(double Seconds, ProcessUsage? Server, ProcessUsage Generator);

/// <summary>Users of one kind and when they ask.</summary>
public sealed record PacedGroup(Pace Pace, IReadOnlyList<PacedUser> Users);

/// <summary>Connects users, lets them ask for a time, and waits for what is still on its way.</summary>
public sealed class PacedRun(Schedule schedule, Progress progress, ServerWatch? server)
{
    private const int ConnectAtATime = 64;
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <exception cref="LoadException">The server does not take a connection.</exception>
    public async Task ConnectAsync(IReadOnlyList<PacedUser> users, CancellationToken cancel)
    {
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectAtATime, CancellationToken = cancel };
        try
        {
            await Parallel.ForEachAsync(users, options, async (user, stop) =>
            {
                await user.ConnectAsync(stop);
                progress.ShowNowAndThen($"Connections: {Interlocked.Increment(ref done)} of {users.Count}");
            });
        }
        catch (SocketException fault)
        {
            throw new LoadException($"The server does not take connection {done + 1}: {fault.Message}");
        }
    }

    /// <param name="groups">Who asks, and when.</param>
    /// <param name="warmUp">How long requests are not yet counted.</param>
    /// <param name="duration">How long they are.</param>
    /// <param name="tell">What to show meanwhile.</param>
    /// <param name="cancel">Ends the run.</param>
    /// <exception cref="LoadException">The server limits requests.</exception>
    public async Task<RunUsage> RunAsync(
        IReadOnlyList<PacedGroup> groups, TimeSpan warmUp, TimeSpan duration, Func<string> tell, CancellationToken cancel)
    {
        using var generator = ServerWatch.Find(Environment.ProcessId, 0)!;
        // What the preparation left behind is not to be collected while it is measured.
        GC.Collect();
        var begin = Stopwatch.GetTimestamp();
        var countsFrom = begin + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        foreach (var (pace, users) in groups)
        {
            (pace.CountsFrom, pace.EndsAt) = (countsFrom, countsFrom + (long)(duration.TotalSeconds * Stopwatch.Frequency));
            pace.Start(users, begin);
        }

        await WatchAsync(groups, warmUp, () => $"Warming up. {tell()}", cancel);
        server?.Start();
        generator.Start();
        var started = Stopwatch.GetTimestamp();
        await WatchAsync(groups, duration, tell, cancel);
        foreach (var (pace, _) in groups)
        {
            pace.Stop();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var usage = new RunUsage(Math.Round(seconds, 2), server?.Stop(), generator.Stop());
        await DrainAsync(groups, cancel);
        return usage;
    }

    private async Task WatchAsync(
        IReadOnlyList<PacedGroup> groups, TimeSpan duration, Func<string> tell, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        for (TimeSpan left; (left = duration - Stopwatch.GetElapsedTime(started)) > TimeSpan.Zero;)
        {
            await Task.Delay(left < s_second ? left : s_second, cancel);
            server?.Look();
            foreach (var (pace, users) in groups)
            {
                if (pace.IsRateLimited)
                {
                    pace.Stop();
                    throw LoadException.RateLimited();
                }

                foreach (var user in users)
                {
                    user.GiveUpLate();
                }
            }

            progress.ShowNowAndThen(tell());
        }
    }

    private async Task DrainAsync(IReadOnlyList<PacedGroup> groups, CancellationToken cancel)
    {
        var stopped = Stopwatch.GetTimestamp();
        while ((schedule.IsBehind() || groups.Any(group => group.Users.Any(user => user.IsBusy)))
            && Stopwatch.GetElapsedTime(stopped) < s_drain)
        {
            await Task.Delay(20, cancel);
        }

        foreach (var user in groups.SelectMany(group => group.Users))
        {
            user.End();
        }
    }
}
