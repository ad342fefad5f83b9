using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// Holds each call against the limit that it names with <c>[EnableRateLimiting]</c>, and tells with the answer what is left.
/// The middleware of ASP.NET Core does the first only: what it has counted it tells nobody.
/// </summary>
public sealed class CallLimits : IDisposable
{
    /// <summary>
    /// A customer of an IPv6 provider may have a whole /48, which is 65,536 networks: together they get as many times what one
    /// of them gets.
    /// </summary>
    private const int TimesOfSite = 4;

    private readonly FrozenDictionary<string, CallLimit> _limits;
    private readonly PartitionedRateLimiter<CallBucket> _buckets;
    private readonly AuditLog _audit;

    public CallLimits(IOptions<RateLimitOptions> options, AuditLog audit, IEnumerable<CallLimit> limits)
    {
        (_audit, IsOn) = (audit, options.Value.Enabled);
        _limits = limits.ToFrozenDictionary(limit => limit.Name);
        _buckets = PartitionedRateLimiter.Create<CallBucket, CallBucket>(bucket =>
            _limits[bucket.Limit].Limit.For(bucket, bucket.IsSite ? TimesOfSite : 1));
    }

    public bool IsOn { get; }

    public Task LimitAsync(HttpContext context, RequestDelegate next) =>
        LimitOf(context) is { BucketOf: { } bucketOf } && FindRefusal(context, bucketOf(context)) is { } refusal
            ? refusal.ExecuteAsync(context)
            : next(context);

    /// <summary>Takes a permit; the refusal where there is none.</summary>
    public ApiProblem? FindRefusal(HttpContext context, CallBucket bucket)
    {
        var limit = _limits[bucket.Limit];
        using var lease = _buckets.AttemptAcquire(bucket);
        limit.Quota.WriteHeaders(context.Response, _buckets.GetStatistics(bucket)!.CurrentAvailablePermits);
        if (!lease.IsAcquired)
        {
            return Refuse(lease);
        }

        // After the one of the network: a network that has used its own up takes nothing more from its neighbours.
        if (bucket.Network is null || Networks.SiteOf(bucket.Network) is not { } site)
        {
            return null;
        }

        using var shared = _buckets.AttemptAcquire(bucket with { Network = site, IsSite = true });
        return shared.IsAcquired ? null : Refuse(shared);

        ApiProblem Refuse(RateLimitLease refused)
        {
            _audit.Limited(context, limit.QuotaName);
            return RateLimits.Refusal(refused);
        }
    }

    public void Dispose() => _buckets.Dispose();

    private CallLimit? LimitOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } name ? _limits[name] : null;
}
