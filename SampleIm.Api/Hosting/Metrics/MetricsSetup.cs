using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Presence;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Wires what is measured.</summary>
public static class MetricsSetup
{
    public static void AddMetrics(this WebApplicationBuilder builder)
    {
        builder.AddSettings<MetricsOptions>("Metrics");
        builder.Services
            .AddSingleton<Instruments>()
            .AddSingleton<PollMetrics>()
            .AddSingleton<SendMetrics>()
            .AddSingleton<RequestMetrics>();
        builder.Services.AddOptions<AuthorizationOptions>().Configure<IOptions<MetricsOptions>>(MetricsEndpoint.AddPolicy);
        if (!string.IsNullOrEmpty(builder.Configuration["Metrics:OtlpEndpoint"]))
        {
            AddExport(builder.Services);
        }
    }

    public static void UseMetrics(this WebApplication app)
    {
        var services = app.Services;
        var instruments = services.GetRequiredService<Instruments>();
        var (online, views, sessions) = (services.GetRequiredService<OnlineList>(), services.GetRequiredService<Views>(), services.GetRequiredService<Sessions>());
        instruments.AddGauge("sampleim.online", "{user}", "Users on the online list", () => online.Look().Users.Count);
        instruments.AddGauge("sampleim.views", "{view}", "Users whose conversations are in memory", () => views.Count);
        instruments.AddGauge("sampleim.sessions", "{session}", "Sign-ins that are in memory", () => sessions.Count);
        ProcessMetrics.AddTo(instruments);
        // Before the first send, so that its metrics are there as zeros.
        services.GetRequiredService<SendMetrics>();
        app.Use(services.GetRequiredService<RequestMetrics>().CountAsync);
    }

    /// <summary>By itself, so that a program without an export never loads the libraries.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddExport(IServiceCollection services) => services.AddHostedService<OtlpExport>();
}
