using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Configuration;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Wires what is measured.</summary>
public static class MetricsSetup
{
    public static void AddMetrics(this WebApplicationBuilder builder)
    {
        builder.AddSettings<MetricsOptions>("Metrics");
        builder.Services
            .AddSingleton<Instruments>()
            .AddSingleton<RequestMetrics>();
        builder.Services.AddOptions<AuthorizationOptions>().Configure<IOptions<MetricsOptions>>(MetricsEndpoint.AddPolicy);
        if (!string.IsNullOrEmpty(builder.Configuration["Metrics:OtlpEndpoint"]))
        {
            AddExport(builder.Services);
        }
    }

    public static void UseMetrics(this WebApplication app)
    {
        ProcessMetrics.AddTo(app.Services.GetRequiredService<Instruments>());
        app.Use(app.Services.GetRequiredService<RequestMetrics>().CountAsync);
    }

    /// <summary>By itself, so that a program without an export never loads the libraries.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddExport(IServiceCollection services) => services.AddHostedService<OtlpExport>();
}
