using System.Collections.Frozen;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Accounts;
using SampleIm.Api.Logging;

namespace SampleIm.Api.Security;

/// <summary>
/// Holds each call against the limit that it names with <c>[EnableRateLimiting]</c>, and tells with the answer what is left.
/// The middleware of ASP.NET Core does the first only: what it has counted it tells nobody.
/// </summary>
public sealed class CallLimits : IDisposable
{
    private readonly FrozenDictionary<string, Policy> _policies;
    private readonly PartitionedRateLimiter<HttpContext> _calls;
    private readonly AuditLog _audit;

    public CallLimits(IOptions<RateLimitOptions> options, AuditLog audit, DeviceCookie devices)
    {
        var limits = options.Value;
        _audit = audit;
        _policies = new[]
        {
            new Policy(RateLimits.Send, limits.Send, OfCaller),
            new Policy(RateLimits.Upload, limits.Upload, OfCaller),
            new Policy(RateLimits.Register, limits.Register, OfNetwork),
            // Devices on which somebody has signed in before have a bucket of their own in each network: no stranger empties it.
            new Policy(RateLimits.Login, limits.Login, (policy, context) =>
                OfNetwork(policy, context) with { IsKnownDevice = devices.IsThere(context) }),
            new Policy(RateLimits.Profile, limits.Profile, OfCaller),
            new Policy(RateLimits.Search, limits.Search, OfCaller),
        }.ToFrozenDictionary(policy => policy.Name);
        _calls = PartitionedRateLimiter.Create<HttpContext, Bucket>(context =>
        {
            var policy = PolicyOf(context)!;
            return policy.Limit.For(policy.BucketOf(policy.Name, context));
        });
    }

    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (PolicyOf(context) is not { } policy)
        {
            return next(context);
        }

        using var lease = _calls.AttemptAcquire(context);
        policy.Quota.Tell(context.Response, _calls.GetStatistics(context)!.CurrentAvailablePermits);
        if (lease.IsAcquired)
        {
            return next(context);
        }

        _audit.Limited(context, policy.Name);
        return RateLimits.Refusal(lease).ExecuteAsync(context);
    }

    public void Dispose() => _calls.Dispose();

    private static Bucket OfCaller(string policy, HttpContext context) => new(policy, context.Caller().User.Id, null, false);

    private static Bucket OfNetwork(string policy, HttpContext context) => new(policy, 0, ClientAddress.Network(context), false);

    private Policy? PolicyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } name ? _policies[name] : null;

    /// <summary>Whose calls of one kind are counted together: a user's, or a network's.</summary>
    private readonly record struct Bucket(string Policy, long UserId, IPAddress? Network, bool IsKnownDevice);

    private sealed record Policy(string Name, RateLimit Limit, Func<string, HttpContext, Bucket> BucketOf)
    {
        public Quota Quota { get; } = new(Name, Limit);
    }
}
