using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SampleIm.Api.Hosting.Configuration;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Wires what is measured: instruments of one meter, which docs/metrics.md lists, and where they can be read.</summary>
public static class MetricsSetup
{
    public const string MeterName = "SampleIm";

    public static void AddMetrics(this WebApplicationBuilder builder)
    {
        builder.AddSettings<MetricsOptions>("Metrics");
        var services = builder.Services;
        services.AddSingleton<RequestMetrics>();
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<MetricsOptions>>(MetricsEndpoint.AddPolicy);
        // Of this server alone: there may be several in one process.
        services.AddMetrics(
            metrics => metrics.EnableMetrics(MeterName, instrumentName: null, listenerName: null, MeterScope.Local));
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(MeterName))
            .WithMetrics(metrics => metrics.AddPrometheusExporter(options =>
            {
                options.ScopeInfoEnabled = false;
                options.TargetInfoEnabled = false;
                options.ScrapeResponseCacheDurationMilliseconds = 0;
            }));
        if (builder.Configuration.GetSection("Metrics").Get<MetricsOptions>() is { OtlpEndpoint: { } endpoint } settings)
        {
            AddExport(services, endpoint, settings.OtlpInterval);
        }
    }

    /// <summary>The meter of this server.</summary>
    public static Meter CreateServerMeter(this IMeterFactory meters) => meters.Create(MeterName);

    public static void UseMetrics(this WebApplication app)
    {
        ProcessMetrics.AddTo(app.Services.GetRequiredService<IMeterFactory>().CreateServerMeter());
        app.Use(app.Services.GetRequiredService<RequestMetrics>().CountAsync);
    }

    /// <summary>By itself, so that a program without an export never loads the library for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddExport(IServiceCollection services, Uri endpoint, TimeSpan interval)
    {
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddOtlpExporter((exporter, reader) =>
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = endpoint.AbsolutePath == "/" ? new Uri(endpoint, "/v1/metrics") : endpoint;
            exporter.TimeoutMilliseconds = LastExport.ExportMs;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
        }));
        services.AddHostedService<LastExport>();
    }
}
