using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Hosting.Configuration;

/// <summary>The web server and what it reads and writes.</summary>
public static class ServerSetup
{
    public static void AddServer(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ServerOptions>("Server");
        builder.AddSettings<SwaggerPageOptions>("Swagger");
        builder.AddSettings<CrossOriginOptions>("Cors");
        // Below that MVC writes several lines for each call, at Trace with its arguments: passwords, tokens and texts.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Mvc.Infrastructure.ControllerActionInvoker", LogLevel.Warning);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerOptions>, OpenConnections>(ServerLimits.Set);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, NetworkBuffers>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = GracefulStop.MostTime);
        builder.Services.AddSingleton<GracefulStop>().AddHostedService(services => services.GetRequiredService<GracefulStop>());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<OpenConnections>();
        builder.Services.AddSingleton<SecurityHeaders>();
        HostNames.Add(builder.Services);
        builder.Services.AddCrossOrigin();
        builder.Services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        builder.Services.AddControllers(options =>
            {
                // No call binds fields of a form: MVC would read one whole, in case a parameter had the name of a field.
                options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
                options.ModelMetadataDetailsProviders.Add(new BlankTexts());
                options.ModelMetadataDetailsProviders.Add(new FieldNames());
                // Before the filter that answers what is wrong with the body.
                options.Filters.Add<CurrentSession>(int.MinValue);
            })
            .AddJsonOptions(options => Configure(options.JsonSerializerOptions))
            .ConfigureApiBehaviorOptions(options =>
            {
                options.InvalidModelStateResponseFactory = ProblemMiddleware.ForModelState;
                // Statuses without a body get theirs in one place, also those that do not come from a controller.
                options.SuppressMapClientErrors = true;
            });
        builder.Services.AddOptions<MvcOptions>().Configure<IOptions<JsonOptions>, ILogger<SystemTextJsonInputFormatter>>(
            (options, json, logger) => ReadAndWriteJsonOnly(options, new JsonReader(json.Value, logger)));
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

    /// <summary>JSON by its one name, in UTF-8 (RFC 8259). MVC would also take UTF-16, and throw at half a unit.</summary>
    private static void ReadAndWriteJsonOnly(MvcOptions options, JsonReader reader)
    {
        options.OutputFormatters.RemoveType<StringOutputFormatter>();
        options.InputFormatters.RemoveType<SystemTextJsonInputFormatter>();
        options.InputFormatters.Add(reader);
        var writer = options.OutputFormatters.OfType<SystemTextJsonOutputFormatter>().Single();
        foreach (var encodings in new[] { reader.SupportedEncodings, writer.SupportedEncodings })
        {
            encodings.Remove(encodings.Single(encoding => encoding.CodePage == Encoding.Unicode.CodePage));
        }

        foreach (var types in new[] { reader.SupportedMediaTypes, writer.SupportedMediaTypes })
        {
            types.Clear();
            types.Add("application/json");
        }
    }

    private static void Configure(JsonSerializerOptions options)
    {
        // Answers are JSON with nosniff and never part of HTML: 你好 may stand there as it is.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new TimeConverter());
        options.NumberHandling = JsonNumberHandling.Strict;
        // Of two fields of one name a proxy or a filter might have looked at the other one.
        options.AllowDuplicateProperties = false;
    }

    /// <summary>
    /// Takes <c>application/json</c> and none of the types that are made of it. MVC would take a merge patch for JSON, too: by
    /// its rules null removes a field (RFC 7396), while here it means that the field stays.
    /// </summary>
    private sealed class JsonReader(JsonOptions options, ILogger<SystemTextJsonInputFormatter> logger)
        : SystemTextJsonInputFormatter(options, logger)
    {
        public override bool CanRead(InputFormatterContext context) =>
            base.CanRead(context) && !new MediaType(context.HttpContext.Request.ContentType!).SubTypeSuffix.HasValue;
    }

    /// <summary>A blank text in a path is a name that nobody has, and not one that is missing.</summary>
    private sealed class BlankTexts : IDisplayMetadataProvider
    {
        public void CreateDisplayMetadata(DisplayMetadataProviderContext context) => context.DisplayMetadata.ConvertEmptyStringToNull = false;
    }
}
