using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SampleIm.Api.Hosting.Server;

/// <summary>What a request says in <c>Accept-Encoding</c>.</summary>
public static class AcceptedEncodings
{
    public const string Brotli = "br";
    public const string Gzip = "gzip";

    private const string Any = "*";

    /// <summary>
    /// Leaves each encoding in the header once. One that is named both as wanted and as unwanted (<c>gzip;q=0, gzip</c>) is
    /// unwanted. Before routing, which chooses among the compressed copies of a file and throws at such a header.
    /// </summary>
    public static Task ResolveAsync(HttpContext context, RequestDelegate next)
    {
        if (StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptEncoding, out var entries)
            && entries.DistinctBy(NameOf, StringComparer.OrdinalIgnoreCase).Count() < entries.Count)
        {
            var once = entries.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase)
                .Select(same => same.FirstOrDefault(entry => entry.Quality is 0) ?? same.First());
            context.Request.Headers.AcceptEncoding = string.Join(", ", once);
        }

        return next(context);
    }

    /// <summary>The first of the offered encodings that the request takes; null where it takes the plain answer only.</summary>
    public static string? Choose(HttpRequest request, params ReadOnlySpan<string> offered)
    {
        if (StringValues.IsNullOrEmpty(request.Headers.AcceptEncoding)
            || !StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var entries))
        {
            return null;
        }

        foreach (var encoding in offered)
        {
            if ((QualityOf(entries, encoding) ?? QualityOf(entries, Any)) is > 0)
            {
                return encoding;
            }
        }

        return null;
    }

    private static double? QualityOf(IList<StringWithQualityHeaderValue> entries, string encoding)
    {
        var entry = entries.FirstOrDefault(entry => IsSame(entry, encoding));
        return entry is null ? null : entry.Quality ?? 1;
    }

    private static string NameOf(StringWithQualityHeaderValue entry) => entry.Value.ToString();

    private static bool IsSame(StringWithQualityHeaderValue entry, StringSegment encoding) =>
        entry.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase);
}
