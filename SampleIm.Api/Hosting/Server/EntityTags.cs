using Microsoft.Extensions.Primitives;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// Tags as they come back through a proxy that compressed the answer: such a proxy marks the tag as weak (<c>W/"x"</c>, nginx) or
/// adds the encoding to it (<c>"x-gzip"</c>, Apache and Caddy). The content is the same, so the tag means the same.
/// </summary>
public static class EntityTags
{
    private const string Weak = "W/";

    private static readonly string[] s_suffixes = ["-gzip\"", "-br\"", "-zstd\"", "-deflate\"", "--gzip\""];

    /// <summary>
    /// Whether one of the tags in <c>If-None-Match</c> is this one, whatever a proxy has made of it, or is <c>*</c>.
    /// </summary>
    /// <param name="given">The header.</param>
    /// <param name="etag">A strong tag in its quotes, without a comma in it.</param>
    public static bool AnyIs(StringValues given, ReadOnlySpan<char> etag)
    {
        foreach (var line in given)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var tag = line.AsSpan()[part].Trim();
                if (tag is "*" || Means(tag, etag))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Means(ReadOnlySpan<char> given, ReadOnlySpan<char> etag)
    {
        var tag = given.StartsWith(Weak, StringComparison.Ordinal) ? given[Weak.Length..] : given;
        if (tag.SequenceEqual(etag))
        {
            return true;
        }

        foreach (var suffix in s_suffixes)
        {
            if (tag.EndsWith(suffix, StringComparison.Ordinal) && tag[..^suffix.Length].SequenceEqual(etag[..^1]))
            {
                return true;
            }
        }

        return false;
    }
}
