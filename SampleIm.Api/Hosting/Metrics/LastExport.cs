using OpenTelemetry.Metrics;
using SampleIm.Api.Hosting.Server;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Sends the last metrics at the end, within the time that a stop may take.</summary>
public sealed class LastExport(MeterProvider provider) : IHostedService
{
    /// <summary>
    /// For one export: the first one loads libraries and connects, for which a busy machine needs most of a second.
    /// </summary>
    public const int ExportMs = 2000;

    /// <summary>The last one can only follow one that is under way.</summary>
    private const int LastMs = 2 * ExportMs;

    /// <summary>Where <see cref="GracefulStop.MostTime"/> is used up: all of it ends within 10 s.</summary>
    private const int LateMs = 1500;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // A receiver that does not answer holds up the end of the program for no longer.
        provider.Shutdown(cancellationToken.IsCancellationRequested ? LateMs : LastMs);
        return Task.CompletedTask;
    }
}
