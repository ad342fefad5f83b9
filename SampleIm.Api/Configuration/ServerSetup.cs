using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SampleIm.Api.Problems;
using SampleIm.Api.Security;
using SampleIm.Api.Server;

namespace SampleIm.Api.Configuration;

/// <summary>The web server and what it reads and writes.</summary>
public static class ServerSetup
{
    public static void AddServer(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ServerOptions>("Server");
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerOptions>>(ServerLimits.Set);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = GracefulStop.MostTime);
        builder.Services.AddSingleton<GracefulStop>().AddHostedService(services => services.GetRequiredService<GracefulStop>());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SecurityHeaders>();
        builder.Services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        builder.Services.AddControllers(options =>
            {
                // No call binds fields of a form: MVC would read one whole, in case a parameter had the name of a field.
                options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            })
            .AddJsonOptions(options => Configure(options.JsonSerializerOptions))
            .ConfigureApiBehaviorOptions(options =>
            {
                options.InvalidModelStateResponseFactory = ProblemMiddleware.ForModelState;
                // Statuses without a body get theirs in one place, also those that do not come from a controller.
                options.SuppressMapClientErrors = true;
            });
    }

    private static void Configure(JsonSerializerOptions options)
    {
        // Answers are JSON with nosniff and never part of HTML: 你好 may stand there as it is.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new TimeConverter());
        options.NumberHandling = JsonNumberHandling.Strict;
    }
}
