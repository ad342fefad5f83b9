using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// How often somebody may do what costs others something. A call names its limit with <c>[EnableRateLimiting]</c>
/// (<see cref="CallLimits"/>). Those of signing in, which go by what stands in the body, are with the accounts.
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
        services.AddSingleton<CallLimits>();
        AddLimit(services, Send, options => options.Send, CallBucket.OfCaller);
        AddLimit(services, Upload, options => options.Upload, CallBucket.OfCaller);
        AddLimit(services, Register, options => options.Register, CallBucket.OfNetwork);
        AddLimit(services, Profile, options => options.Profile, CallBucket.OfCaller);
        AddLimit(services, Search, options => options.Search, CallBucket.OfCaller);
    }

    private static void AddLimit(
        IServiceCollection services, string name, Func<RateLimitOptions, RateLimit> setting,
        Func<string, HttpContext, CallBucket> bucketOf) => services.AddSingleton(provider => new CallLimit(
            name, setting(provider.GetRequiredService<IOptions<RateLimitOptions>>().Value), context => bucketOf(name, context)));

    /// <summary>After authorization, so that nobody's permits go for requests that are refused anyway.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value.Enabled)
        {
            app.Use(app.Services.GetRequiredService<CallLimits>().LimitAsync);
        }
    }

    /// <summary>The answer to a call over its limit.</summary>
    public static ApiProblem Refusal(RateLimitLease lease) => ApiProblem.Of(
        ProblemCodes.RequestRateLimited, "Too many calls of this kind in a short time. Try again later.",
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait + s_lateness : TimeSpan.FromSeconds(1));
}
