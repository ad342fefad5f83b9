namespace SampleIm.Api.Chat.Total;

/// <summary>
/// Gives memory back that nothing is in any more. By itself the garbage collector looks at what is old only when much was added
/// to it, and keeps what it once had: after 10,000 users have come at once, a quarter of the memory is what their first requests
/// left behind, for as long as nobody else comes.
/// </summary>
/// <remarks>
/// A collection that compacts everything stops the program, for about a millisecond a megabyte. So it is done only when nobody
/// has polled for a minute and memory has grown since the last time; where nothing happens, once after the start.
/// </remarks>
public sealed class UnusedMemory(PollMetrics polls, TimeProvider clock) : BackgroundService
{
    private const double Growth = 1.25;
    private const long SmallestGrowthBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private long _bytesAfter;
    private long _pollsBefore;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            GiveBack();
        }
    }

    /// <summary>
    /// Gives back what is not used. False where somebody has polled since the last call, or memory has hardly grown: then nothing
    /// is done.
    /// </summary>
    public bool GiveBack()
    {
        var answered = polls.Count;
        if (answered != _pollsBefore)
        {
            _pollsBefore = answered;
            return false;
        }

        if (Environment.WorkingSet <= (_bytesAfter * Growth) + SmallestGrowthBytes)
        {
            return false;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _bytesAfter = Environment.WorkingSet;
        return true;
    }
}
