namespace SampleIm.Api.Chat.Files;

/// <summary>
/// Removes uploads that were not sent within a day, and files without a row: what is left of an upload that was cut off,
/// or of a recall whose process was killed before the file was gone.
/// </summary>
/// <remarks>
/// What was sent stays sent, and a file that has its row keeps it until somebody removes both: a round looks only at what has
/// come of age since the round before. Once a day, and first of all, it looks at everything: the clock may have been set, and a
/// file may have withstood its removal.
/// </remarks>
public sealed partial class OrphanSweep(
    ImageStore store, ImageFiles files, TimeProvider clock, ILogger<OrphanSweep> logger) : BackgroundService
{
    public static readonly TimeSpan UnsentLifetime = TimeSpan.FromHours(24);

    /// <summary>Longer than any upload takes: a file that is older and has no row never gets one.</summary>
    public static readonly TimeSpan RowlessLifetime = TimeSpan.FromHours(1);

    /// <summary>How often it looks at everything.</summary>
    public static readonly TimeSpan WholeInterval = TimeSpan.FromHours(24);

    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    private const int AtATime = 500;

    private DateTimeOffset _lastWhole = DateTimeOffset.MinValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var isWhole = now < _last || now - _lastWhole >= WholeInterval;
        var rows = await RemoveUnsentAsync(
            isWhole ? DateTimeOffset.UnixEpoch : _last - UnsentLifetime, now - UnsentLifetime, cancellation);
        var removed = 0;
        var since = isWhole ? DateTimeOffset.MinValue : _last - RowlessLifetime;
        foreach (var ids in files.ListWritten(since, now - RowlessLifetime).Chunk(AtATime))
        {
            removed += await RemoveRowlessAsync(ids, cancellation);
        }

        // Only now: a round that failed is done again.
        (_last, _lastWhole) = (now, isWhole ? now : _lastWhole);
        if (removed > 0 || rows > 0)
        {
            LogRemoved(logger, rows, removed);
        }
    }

    private async Task<int> RemoveUnsentAsync(DateTimeOffset from, DateTimeOffset before, CancellationToken cancellation)
    {
        var removed = 0;
        while (await store.ListUnsentAsync(from, before, AtATime, cancellation) is { Count: > 0 } unsent)
        {
            var ids = unsent.Select(image => image.Id).ToList();
            removed += await store.RemoveUnsentAsync(ids, cancellation);
            await RemoveRowlessAsync(ids, cancellation);
            // All up to here are gone, or were sent after all.
            from = unsent[^1].CreatedAt;
        }

        return removed;
    }

    /// <summary>Removes the files of those that have no row.</summary>
    private async Task<int> RemoveRowlessAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var known = await store.ListKnownAsync(ids, cancellation);
        var rowless = ids.Where(id => !known.Contains(id)).ToList();
        rowless.ForEach(files.Remove);
        return rowless.Count;
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
                // Nobody is above this loop to catch anything. The next round tries again: a full disk or a busy database is no
                // reason to stop serving.
                LogFailed(logger, fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Removed {Rows} images that were never sent, and {Files} files without a row")]
    private static partial void LogRemoved(ILogger logger, int rows, int files);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Images that were never sent could not be removed")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
