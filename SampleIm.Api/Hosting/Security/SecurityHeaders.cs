using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using SampleIm.Api.Hosting.OpenApi;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// The headers that keep a browser from doing with an answer what it is not for. Every answer begins with the strictest ones, and
/// nobody keeps it; what routing has found then decides, and never the text of the path, which has many spellings.
/// </summary>
public sealed partial class SecurityHeaders(IWebHostEnvironment environment)
{
    private readonly string _page = ForPage(environment.WebRootFileProvider);

    /// <summary>Swagger UI sets styles inline, and shows a fetched image from a blob: so it has a policy of its own.</summary>
    private const string ForSwagger =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>Whatever else a browser may take for a document: it loads nothing and runs nothing.</summary>
    private const string ForData = "default-src 'none'; frame-ancestors 'none'";

    private const string ForParts = "frame-ancestors 'none'";

    private const string Permissions = "Permissions-Policy";

    /// <summary>Of this host alone: what else its owner has under its name is not ours to say.</summary>
    private const string OneYear = "max-age=31536000";

    /// <summary>
    /// The page's files that no browser shows by themselves. What is not in this list may be a document, as SVG may.
    /// </summary>
    private static readonly FrozenSet<string> s_parts =
        FrozenSet.Create("text/javascript", "application/javascript", "text/css", "application/json");

    /// <summary>Before anything can answer.</summary>
    public Task AddAsync(HttpContext context, RequestDelegate next)
    {
        AddForPart(context);
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ForData;
        headers[Permissions] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        // Somebody's own: no proxy keeps it, and no browser after sign-out. What may be kept says so itself.
        headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>After routing: relaxes them for the page, its files, Swagger's pages and the poll.</summary>
    public Task AdjustAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is RouteEndpoint { Metadata: var metadata } endpoint)
        {
            if (metadata.GetMetadata<StaticAssetDescriptor>() is { } file)
            {
                AdjustToFile(context, endpoint, ContentTypeOf(file));
            }
            else if (metadata.GetMetadata<SwaggerPageAttribute>() is not null)
            {
                context.Response.Headers.ContentSecurityPolicy = ForSwagger;
            }
            else if (metadata.GetMetadata<PolledAttribute>() is not null)
            {
                AdjustToPart(context.Response.Headers);
            }
        }

        return next(context);
    }

    /// <summary>What every answer has.</summary>
    public static void AddForPart(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = ForParts;
        // A browser would apply it to every other server on localhost too.
        if (context.Request.IsHttps && context.Request.Host.Host is not "localhost")
        {
            headers.StrictTransportSecurity = OneYear;
        }
    }

    /// <summary>
    /// The poll and the files of the page: what is refused to documents means nothing on them, and on each of so many answers it
    /// would be more than the answer.
    /// </summary>
    private static void AdjustToPart(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ForParts;
        headers.Remove(Permissions);
    }

    private void AdjustToFile(HttpContext context, RouteEndpoint endpoint, string contentType)
    {
        var headers = context.Response.Headers;
        // How long a file may be kept, its own endpoint says.
        headers.Remove(HeaderNames.CacheControl);
        if (s_parts.Contains(contentType))
        {
            AdjustToPart(headers);
        }
        else if (contentType is "text/html"
            && !endpoint.RoutePattern.RawText!.StartsWith("lib/", StringComparison.OrdinalIgnoreCase))
        {
            AdjustToPage(context, headers);
        }
    }

    private static string ContentTypeOf(StaticAssetDescriptor file)
    {
        foreach (var header in file.ResponseHeaders)
        {
            if (header.Name == HeaderNames.ContentType)
            {
                return header.Value.Split(';')[0];
            }
        }

        return "";
    }

    private void AdjustToPage(HttpContext context, IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _page;
        // Elsewhere browsers ignore it and complain.
        if (context.Request.IsHttps || context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address))
        {
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }
    }

    /// <summary>
    /// Scripts from here only, none inline. The import map, which tells module names from file names and runs nothing, has
    /// to stand in the page itself: it is allowed by its digest.
    /// </summary>
    private static string ForPage(IFileProvider files)
    {
        var map = ImportMap().Match(Read(files.GetFileInfo("index.html"))).Groups["map"].Value.ReplaceLineEndings("\n");
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(map)));
        return $"default-src 'self'; script-src 'self' 'sha256-{digest}'; img-src 'self' data: blob:; object-src 'none'; "
            + "base-uri 'none'; "
            + "form-action 'self'; frame-ancestors 'none'";
    }

    private static string Read(IFileInfo file)
    {
        using var reader = new StreamReader(file.CreateReadStream());
        return reader.ReadToEnd();
    }

    [GeneratedRegex("<script type=\"importmap\">(?<map>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex ImportMap();
}
