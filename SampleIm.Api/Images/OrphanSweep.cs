namespace SampleIm.Api.Images;

/// <summary>
/// Removes uploads that were not sent within a day, and files without a row: what is left of an upload that was cut off,
/// or of a recall whose process was killed before the file was gone.
/// </summary>
public sealed partial class OrphanSweep(ImageStore store, ImageFiles files, TimeProvider clock, ILogger<OrphanSweep> logger) : BackgroundService
{
    public static readonly TimeSpan UnsentLifetime = TimeSpan.FromHours(24);

    /// <summary>Longer than any upload takes: a file that is older and has no row never gets one.</summary>
    public static readonly TimeSpan RowlessLifetime = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    private const int FilesAtATime = 500;

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var rows = await store.RemoveUnsentAsync(now - UnsentLifetime, cancellation);
        var removed = 0;
        foreach (var ids in files.ListOlderThan(now - RowlessLifetime).Chunk(FilesAtATime))
        {
            var known = await store.ListKnownAsync(ids, cancellation);
            foreach (var id in ids.Where(id => !known.Contains(id)))
            {
                files.Remove(id);
                removed++;
            }
        }

        if (removed > 0 || rows > 0)
        {
            LogRemoved(logger, rows, removed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Nobody is above this loop to catch anything. The next round tries again: a full disk or a busy database is no reason to stop serving.
                LogFailed(logger, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Rows} pictures that were never sent, and {Files} files")]
    private static partial void LogRemoved(ILogger logger, int rows, int files);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pictures that were never sent could not be removed")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
