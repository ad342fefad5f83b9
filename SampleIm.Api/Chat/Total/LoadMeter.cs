
namespace SampleIm.Api.Chat.Total;

/// <summary>
/// Measures how late the server is: ten times a second something is put in line where requests stand, and its wait is taken.
/// Whatever the reason is, a processor that is busy or threads that are blocked, it is what those who poll wait as well.
/// </summary>
public sealed class LoadMeter(PollPace pace, TimeProvider clock) : BackgroundService
{
    private const int SamplesPerNote = 10;

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        var samples = new List<TimeSpan>(SamplesPerNote);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            samples.Add(await WaitAsync());
            if (samples.Count == SamplesPerNote)
            {
                samples.Sort();
                // The median: a pause of the garbage collector is no load.
                pace.Note(samples[SamplesPerNote / 2]);
                samples.Clear();
            }
        }
    }

    private async Task<TimeSpan> WaitAsync()
    {
        var (queued, begun) = (clock.GetTimestamp(), new TaskCompletionSource<TimeSpan>());
        ThreadPool.UnsafeQueueUserWorkItem(_ => begun.SetResult(clock.GetElapsedTime(queued)), null);
        return await begun.Task;
    }
}
