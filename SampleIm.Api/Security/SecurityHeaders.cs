using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace SampleIm.Api.Security;

/// <summary>The headers that keep a browser from doing with an answer what it is not for.</summary>
public sealed partial class SecurityHeaders(IWebHostEnvironment environment)
{
    private readonly string _page = ForPage(environment.WebRootFileProvider);

    /// <summary>Swagger UI sets styles inline, and that alone is why it has a policy of its own.</summary>
    private const string ForSwagger =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task AddAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        AddForAnswer(headers);
        if (context.Request.Path.StartsWithSegments("/swagger"))
        {
            headers.ContentSecurityPolicy = ForSwagger;
        }
        else if (context.Request.Path.Value is "/" or "/index.html")
        {
            AddForPage(context);
        }

        return next(context);
    }

    /// <summary>What every answer has that is no document.</summary>
    public static void AddForAnswer(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'";
    }

    /// <summary>What only a document can do is refused to the page alone: on each of its files it would be more than the file.</summary>
    private void AddForPage(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _page;
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
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
        return $"default-src 'self'; script-src 'self' 'sha256-{digest}'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
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
