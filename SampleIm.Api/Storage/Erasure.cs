
namespace SampleIm.Api.Storage;

/// <summary>
/// Sees to it that what was recalled leaves the database's files too: tried at once, and where a reader is in the way again
/// and again in the background; at start for what a killed process left undone.
/// </summary>
public sealed partial class Erasure(Database database, ILogger<Erasure> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private volatile bool _isDue = true;

    /// <summary>A disk that is full stays so for many tries: it is said once.</summary>
    private volatile bool _isSaid;

    /// <summary>Tries it now. Anyone who asked for it does not wait for more than one try.</summary>
    public async Task EraseAsync(CancellationToken cancellation)
    {
        _isDue = true;
        await TryAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval);
        do
        {
            if (_isDue)
            {
                await TryAsync(stoppingToken);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryAsync(CancellationToken cancellation)
    {
        // Before the try: what is recalled during it is due again.
        _isDue = false;
        try
        {
            _isDue |= !await database.EraseTracesAsync(cancellation);
            _isSaid = false;
        }
        catch (Exception fault)
        {
            // Whatever it was: the recall itself is done, and this is tried again.
            _isDue = true;
            if (!_isSaid)
            {
                LogFailed(logger, fault.Message);
            }

            _isSaid = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was recalled is not yet erased from the files: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
