using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Hosting;

/// <summary>The web server, and what every call goes through.</summary>
public static class HostingSetup
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ServerOptions>("Server");
        builder.AddSettings<SwaggerPageOptions>("Swagger");
        builder.AddSettings<CrossOriginOptions>("Cors");
        builder.AddSettings<RateLimitOptions>("RateLimits");
        builder.AddSettings<ProxyOptions>("Proxies");
        // Below that MVC writes several lines for each call, at Trace with its arguments: passwords, tokens and texts.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker", LogLevel.Warning);
        var services = builder.Services;
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerOptions>, OpenConnections>(ServerLimits.Set);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = GracefulStop.MostTime);
        services.AddSingleton<GracefulStop>().AddHostedService(provider => provider.GetRequiredService<GracefulStop>());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<OpenConnections>();
        services.AddSingleton<SecurityHeaders>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<ExpiringCaches>().AddHostedService(provider => provider.GetRequiredService<ExpiringCaches>());
        services.AddRateLimits();
        HostNames.Add(services);
        services.AddCrossOrigin();
        services.AddJsonControllers();
        services.AddOpenApi();
        builder.AddMetrics();
    }

    /// <summary>Storage knows no configuration: its settings are read here.</summary>
    public static void AddStorageSettings(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DataOptions>("Data");
        builder.AddSettings<DatabaseOptions>("Database");
    }

    /// <summary>
    /// To be the first of all: every request is a sign that its connection is in use. Where all are known to be, it costs
    /// nothing.
    /// </summary>
    public static void UseOpenConnections(this WebApplication app)
    {
        var connections = app.Services.GetRequiredService<OpenConnections>();
        app.Use((HttpContext context, RequestDelegate next) =>
        {
            if (connections.HasSilent)
            {
                connections.Note(context);
            }

            return next(context);
        });
    }

    /// <summary>The page is the root, and no other path: routing knows it by the name of its file.</summary>
    public static void UsePage(this WebApplication app) => app.Use((HttpContext context, RequestDelegate next) =>
    {
        if (context.Request.Path.Value is "/" && ReadMethods.IsRead(context.Request))
        {
            context.Request.Path = "/index.html";
        }

        return next(context);
    });
}
