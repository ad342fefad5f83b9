using System.Collections.Frozen;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Accounts.SignIn;

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

    private readonly FrozenDictionary<string, Policy> _policies;
    private readonly PartitionedRateLimiter<Bucket> _buckets;
    private readonly AuditLog _audit;
    private readonly DeviceCookie _devices;
    private readonly bool _isOn;

    public CallLimits(IOptions<RateLimitOptions> options, AuditLog audit, DeviceCookie devices)
    {
        var limits = options.Value;
        (_audit, _devices, _isOn) = (audit, devices, limits.Enabled);
        _policies = new[]
        {
            new Policy(RateLimits.Send, limits.Send, OfCaller),
            new Policy(RateLimits.Upload, limits.Upload, OfCaller),
            new Policy(RateLimits.Register, limits.Register, OfNetwork),
            new Policy(RateLimits.Login, limits.Login, OfDeviceOrNetwork),
            // Counted by what stands in the body: the action asks.
            new Policy(RateLimits.Refresh, limits.Login, null),
            new Policy(RateLimits.Profile, limits.Profile, OfCaller),
            new Policy(RateLimits.Search, limits.Search, OfCaller),
        }.ToFrozenDictionary(policy => policy.Name);
        _buckets = PartitionedRateLimiter.Create<Bucket, Bucket>(bucket =>
            _policies[bucket.Policy].Limit.For(bucket, bucket.IsSite ? TimesOfSite : 1));
    }

    public Task PassAsync(HttpContext context, RequestDelegate next) =>
        PolicyOf(context) is { BucketOf: { } bucketOf } policy
            && FindRefusal(context, policy, bucketOf(policy.Name, context)) is { } refusal
            ? refusal.ExecuteAsync(context)
            : next(context);

    /// <summary>
    /// A sign-in under a name whose owner has not signed in on the device. A cookie for another name, which anybody gets who
    /// registers, is no reason to count it apart from the rest of its network: one person could have many such cookies.
    /// </summary>
    public ApiProblem? RefusalOfStranger(HttpContext context)
    {
        if (!_isOn || _devices.FirstId(context) is null)
        {
            // Without a cookie it has been counted for the network already.
            return null;
        }

        // Of the two counts the answer tells the one that decides.
        Quota.Clear(context.Response);
        return FindRefusal(context, _policies[RateLimits.Login], OfNetwork(RateLimits.Login, context));
    }

    /// <summary>A refresh is counted for its session, so that no stranger in the same network stops it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="sessionId">Null where the token is none of ours: that counts as a sign-in from its network.</param>
    public ApiProblem? RefusalOfRefresh(HttpContext context, string? sessionId)
    {
        if (!_isOn)
        {
            return null;
        }

        var bucket = sessionId is null
            ? OfNetwork(RateLimits.Login, context)
            : new Bucket(RateLimits.Refresh, Id: sessionId);
        return FindRefusal(context, _policies[bucket.Policy], bucket);
    }

    public void Dispose() => _buckets.Dispose();

    /// <summary>Takes a permit; the refusal where there is none.</summary>
    private ApiProblem? FindRefusal(HttpContext context, Policy policy, Bucket bucket)
    {
        using var lease = _buckets.AttemptAcquire(bucket);
        policy.Quota.Tell(context.Response, _buckets.GetStatistics(bucket)!.CurrentAvailablePermits);
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
            _audit.Limited(context, policy.QuotaName);
            return RateLimits.Refusal(refused);
        }
    }

    private static Bucket OfCaller(string policy, HttpContext context) => new(policy, UserId: context.Caller().User.Id);

    private static Bucket OfNetwork(string policy, HttpContext context) => new(policy, Network: ClientAddress.Network(context));

    /// <summary>A device on which somebody has signed in before has a bucket of its own: nobody on another one empties it.</summary>
    private Bucket OfDeviceOrNetwork(string policy, HttpContext context) =>
        _devices.FirstId(context) is { } id ? new Bucket(policy, Id: id) : OfNetwork(policy, context);

    private Policy? PolicyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } name ? _policies[name] : null;

    /// <summary>Whose calls of one kind are counted together: those of a user, a device, a session, a network or a /48.</summary>
    private readonly record struct Bucket(
        string Policy, long UserId = 0, string? Id = null, IPAddress? Network = null, bool IsSite = false);

    /// <param name="Name">What a call names.</param>
    /// <param name="Limit">The setting.</param>
    /// <param name="BucketOf">Null where the call itself asks.</param>
    private sealed record Policy(string Name, RateLimit Limit, Func<string, HttpContext, Bucket>? BucketOf)
    {
        /// <summary>A refresh has the setting of the sign-in, and so its name.</summary>
        public string QuotaName { get; } = QuotaNameOf(Name);

        public Quota Quota { get; } = new(QuotaNameOf(Name), Limit);

        private static string QuotaNameOf(string name) => name == RateLimits.Refresh ? RateLimits.Login : name;
    }
}
