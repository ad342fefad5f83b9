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

    /// <summary>Whatever else a browser may take for a document: it loads nothing and runs nothing.</summary>
    private const string ForData = "default-src 'none'; frame-ancestors 'none'";

    private const string ForParts = "frame-ancestors 'none'";

    /// <summary>Of this host alone: what else its owner has under its name is not ours to say.</summary>
    private const string OneYear = "max-age=31536000";

    private static readonly PathString[] s_files = ["/js", "/lib", "/css", "/img"];

    public Task AddAsync(HttpContext context, RequestDelegate next)
    {
        AddForPart(context);
        if (!IsPart(context.Request.Path))
        {
            AddForDocument(context, context.Response.Headers);
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
    private static bool IsPart(PathString path) =>
        path.Value is "/api/total" || Array.Exists(s_files, folder => path.StartsWithSegments(folder));

    /// <summary>The page has several names: each in any case, with the digest of its content in it, compressed.</summary>
    private static bool IsPage(string path) => path.EndsWith('/') || path.StartsWith("/index.", StringComparison.OrdinalIgnoreCase);

    private void AddForDocument(HttpContext context, IHeaderDictionary headers)
    {
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (context.Request.Path.StartsWithSegments("/swagger"))
        {
            headers.ContentSecurityPolicy = ForSwagger;
        }
        else if (IsPage(context.Request.Path.Value!))
        {
            AddForPage(context, headers);
        }
        else
        {
            headers.ContentSecurityPolicy = ForData;
            if (context.Request.Path.StartsWithSegments("/api"))
            {
                // Somebody's own: no proxy keeps it, and no browser once that one has signed out. What may be kept says so itself.
                headers.CacheControl = "no-store";
            }
        }
    }

    private void AddForPage(HttpContext context, IHeaderDictionary headers)
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
