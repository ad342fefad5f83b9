using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Accounts;
using SampleIm.Api.Logging;
using SampleIm.Api.Problems;

namespace SampleIm.Api.Security;

/// <summary>
/// How often somebody may do what costs others something. A call names its limit with <c>[EnableRateLimiting]</c>; the limit on
/// names is <see cref="NameLimit"/>, for the name stands in the body.
/// </summary>
public static class RateLimits
{
    public const string Send = "send";
    public const string Upload = "upload";
    public const string Register = "register";
    public const string Login = "login";
    public const string Profile = "profile";
    public const string Search = "search";

    /// <summary>Buckets are filled ten times a second: with this a permit is there when the time told has passed.</summary>
    private static readonly TimeSpan s_lateness = TimeSpan.FromMilliseconds(200);

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<NameLimit>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>, AuditLog, DeviceCookie>(
            (limiter, options, audit, devices) =>
        {
            var limits = options.Value;
            limiter.AddPolicy(Send, context => limits.Send.For(Caller(context)));
            limiter.AddPolicy(Upload, context => limits.Upload.For(Caller(context)));
            limiter.AddPolicy(Register, context => limits.Register.For(ClientAddress.Network(context)));
            // Devices on which somebody has signed in before have a bucket of their own in each network: no stranger empties it.
            limiter.AddPolicy(Login, context => limits.Login.For((ClientAddress.Network(context), devices.IsThere(context))));
            limiter.AddPolicy(Profile, context => limits.Profile.For(Caller(context)));
            limiter.AddPolicy(Search, context => limits.Search.For(Caller(context)));
            limiter.OnRejected = (rejected, _) =>
            {
                var context = rejected.HttpContext;
                audit.Limited(context, context.GetEndpoint()!.Metadata.GetRequiredMetadata<EnableRateLimitingAttribute>().PolicyName!);
                return new ValueTask(Refusal(rejected.Lease).ExecuteAsync(context));
            };
        });
    }

    /// <summary>After authorization, so that nobody's permits go for requests that are refused anyway.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value.Enabled)
        {
            app.UseRateLimiter();
        }
    }

    /// <summary>The answer to a call over its limit.</summary>
    public static ApiProblem Refusal(RateLimitLease lease) => ApiProblem.Of(
        ProblemCodes.RequestRateLimited, "Too many calls of this kind in a short time. Try again later.",
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait + s_lateness : TimeSpan.FromSeconds(1));

    private static long Caller(HttpContext context) => context.Caller().User.Id;
}
