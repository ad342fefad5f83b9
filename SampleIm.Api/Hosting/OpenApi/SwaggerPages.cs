using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Server;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>Section <c>Swagger</c>.</summary>
public sealed class SwaggerPageOptions
{
    /// <summary>Whether the description of the API and the page to try it out on are served.</summary>
    public bool Enabled { get; set; } = true;
}

/// <summary>The answer is the description of the API, or a part of the page to try it out on.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SwaggerPageAttribute : Attribute;

/// <summary>
/// The description of the API and Swagger UI, for everybody and at the price of a file: the description is made once, and the
/// files go from the library's resources to the connection in pieces, however slowly a client reads.
/// </summary>
public static class SwaggerPages
{
    public const string Document = "v1";

    private const string Resources = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";

    /// <summary>What the page consists of, besides what Swashbuckle writes itself.</summary>
    private static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>
    {
        ["swagger-ui-bundle.js"] = "text/javascript",
        ["swagger-ui-standalone-preset.js"] = "text/javascript",
        ["swagger-ui.css"] = "text/css",
        ["index.css"] = "text/css",
        ["favicon-16x16.png"] = "image/png",
        ["favicon-32x32.png"] = "image/png",
    }.ToFrozenDictionary();

    private static readonly string[] s_read = [HttpMethods.Get, HttpMethods.Head];

    public static void MapSwaggerPages(this WebApplication app, Action<SwaggerUIOptions> configure)
    {
        var description = new Lazy<StoredFile>(() => Describe(app.Services));
        var pages = app.MapGroup("/swagger").ExcludeFromDescription()
            .WithMetadata(new AllowAnonymousAttribute(), new SwaggerPageAttribute(), new RoutineAttribute());
        pages.MapMethods($"/{Document}/swagger.json", s_read, context => description.Value.SendAsync(context));
        foreach (var (name, type) in s_types)
        {
            var file = new Lazy<StoredFile>(() => Load(name, type));
            pages.MapMethods(name, s_read, context => file.Value.SendAsync(context));
        }

        var page = ((IApplicationBuilder)app).New();
        page.UseSwaggerUI(configure);
        page.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        var written = page.Build();
        foreach (var path in new[] { "", "/index.html", "/index.js" })
        {
            pages.MapMethods(path, s_read, context => WriteAsync(context, written));
        }
    }

    /// <summary>Swashbuckle knows no HEAD. The server sends no body to one, whatever the request is called in here.</summary>
    private static async Task WriteAsync(HttpContext context, RequestDelegate page)
    {
        var method = context.Request.Method;
        context.Request.Method = HttpMethods.Get;
        await page(context);
        context.Request.Method = method;
    }

    private static StoredFile Describe(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        // A path for a server: whatever address the document was read from is the right one.
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>()
            .GetSwagger(Document, host: null, basePath: "/");
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAs(scope.ServiceProvider.GetRequiredService<IOptions<SwaggerOptions>>().Value.OpenApiVersion,
            new OpenApiJsonWriter(text));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        var bytes = compressed.ToArray();
        return new StoredFile("application/json; charset=utf-8", () => new MemoryStream(bytes, writable: false));
    }

    private static StoredFile Load(string name, string type) =>
        new(type, () => typeof(SwaggerUIOptions).Assembly.GetManifestResourceStream(Resources + name)!);
}
