using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SampleIm.Api.Hosting.Server;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>
/// Sends the metrics on by OTLP, and the last ones at the end. Only a configured program makes one: the libraries behind it cost
/// memory and time to load.
/// </summary>
public sealed class OtlpExport(IOptions<MetricsOptions> options) : IHostedService
{
    /// <summary>For one export: the first one loads libraries and connects, for which a busy machine needs most of a second.</summary>
    private const int ExportMs = 2000;

    /// <summary>For the last one, which can only follow one that is under way.</summary>
    private const int LastMs = 2 * ExportMs;

    /// <summary>For the last one, where <see cref="GracefulStop.MostTime"/> is used up: all of it ends within 10 s.</summary>
    private const int LateMs = 1500;

    private MeterProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService(Instruments.MeterName))
            .AddMeter(Instruments.MeterName)
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = settings.OtlpEndpoint!.AbsolutePath == "/" ? new Uri(settings.OtlpEndpoint, "/v1/metrics") : settings.OtlpEndpoint;
                exporter.TimeoutMilliseconds = ExportMs;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // A receiver that does not answer holds up the end of the program for no longer.
        _provider?.Shutdown(cancellationToken.IsCancellationRequested ? LateMs : LastMs);
        _provider?.Dispose();
        return Task.CompletedTask;
    }
}
