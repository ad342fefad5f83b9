using System.Globalization;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// Tells a caller about a limit before it is reached, as draft-ietf-httpapi-ratelimit-headers has it: the policy, and what is
/// left of it. Each limit that was asked has its own item in both lists.
/// </summary>
public sealed class Quota(string name, RateLimit limit)
{
    private readonly string _policy = string.Create(
        CultureInfo.InvariantCulture, $"\"{name}\";q={limit.Permits};w={(long)Math.Ceiling(limit.Window.TotalSeconds)}");

    public static void Clear(HttpResponse response)
    {
        response.Headers.Remove("RateLimit-Policy");
        response.Headers.Remove("RateLimit");
    }

    /// <summary>Writes what is left: <c>r</c> calls at once, and after <c>t</c> seconds all of them again.</summary>
    public void WriteHeaders(HttpResponse response, long left)
    {
        var seconds = (long)Math.Ceiling(limit.Window.TotalSeconds * (limit.Permits - left) / limit.Permits);
        response.Headers.Append("RateLimit-Policy", _policy);
        response.Headers.Append("RateLimit", string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={left};t={seconds}"));
    }
}
