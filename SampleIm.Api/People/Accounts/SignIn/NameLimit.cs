using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// How often somebody may try to sign in under one name, from however many networks. Asked whether or not anybody has the name,
/// so that it does not tell; and only for attempts that no lock stops, so that one network alone cannot use it up.
/// </summary>
public sealed class NameLimit(IOptions<RateLimitOptions> options, AuditLog audit) : IDisposable
{
    private readonly PartitionedRateLimiter<string>? _names = options.Value.Enabled
        ? PartitionedRateLimiter.Create<string, string>(name => options.Value.LoginName.For(name))
        : null;

    private readonly Quota _quota = new("loginName", options.Value.LoginName);

    /// <summary>The refusal where the name was tried too often; else null, and the attempt is counted.</summary>
    public ApiProblem? FindRefusal(HttpContext context, string username)
    {
        if (_names is null || AccountRules.KeyOf(username) is not { } key)
        {
            return null;
        }

        using var lease = _names.AttemptAcquire(key);
        _quota.WriteHeaders(context.Response, _names.GetStatistics(key)!.CurrentAvailablePermits);
        if (lease.IsAcquired)
        {
            return null;
        }

        audit.Limited(context, "loginName");
        return RateLimits.Refusal(lease);
    }

    /// <summary>What is known of a name: nothing, as long as it has not been tried lately.</summary>
    public RateLimiterStatistics? Look(string username) => _names?.GetStatistics(AccountRules.KeyOf(username)!);

    public void Dispose() => _names?.Dispose();
}
