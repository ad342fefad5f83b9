using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace SampleIm.Api.Metrics;

/// <summary>
/// Sends the metrics on by OTLP, and the last ones at the end. Only a configured program makes one: the libraries behind it cost
/// memory and time to load.
/// </summary>
public sealed class OtlpExport(IOptions<MetricsOptions> options) : IHostedService
{
    /// <summary>A receiver that does not answer must not hold up the end of the program.</summary>
    private const int PatienceMs = 1000;

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
                exporter.TimeoutMilliseconds = PatienceMs;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.OtlpInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.Shutdown(PatienceMs);
        _provider?.Dispose();
        return Task.CompletedTask;
    }
}
