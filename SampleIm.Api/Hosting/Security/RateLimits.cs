using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// How often somebody may do what costs others something. A call names its limit with <c>[EnableRateLimiting]</c>
/// (<see cref="CallLimits"/>); the limit on names is <see cref="NameLimit"/>, because the name stands in the body.
/// </summary>
public static class RateLimits
{
    public const string Send = "send";
    public const string Upload = "upload";
    public const string Register = "register";
    public const string Login = "login";
    public const string Refresh = "refresh";
    public const string Profile = "profile";
    public const string Search = "search";

    /// <summary>Buckets are filled ten times a second: with this a permit is there when the time told has passed.</summary>
    private static readonly TimeSpan s_lateness = TimeSpan.FromMilliseconds(200);

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<NameLimit>();
        services.AddSingleton<CallLimits>();
    }

    /// <summary>After authorization, so that nobody's permits go for requests that are refused anyway.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value.Enabled)
        {
            app.Use(app.Services.GetRequiredService<CallLimits>().PassAsync);
        }
    }

    /// <summary>The answer to a call over its limit.</summary>
    public static ApiProblem Refusal(RateLimitLease lease) => ApiProblem.Of(
        ProblemCodes.RequestRateLimited, "Too many calls of this kind in a short time. Try again later.",
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait + s_lateness : TimeSpan.FromSeconds(1));
}
