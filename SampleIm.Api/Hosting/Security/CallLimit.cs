using System.Net;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Hosting.Security;

/// <summary>How often calls of one kind may be made.</summary>
/// <param name="Name">What a call names with <c>[EnableRateLimiting]</c>.</param>
/// <param name="Limit">The setting.</param>
/// <param name="BucketOf">Whose calls are counted together; null where the call itself asks, because its body decides.</param>
/// <param name="Setting">The setting's name where it is another one.</param>
public sealed record CallLimit(string Name, RateLimit Limit, Func<HttpContext, CallBucket>? BucketOf, string? Setting = null)
{
    /// <summary>As answers and the log name it.</summary>
    public string QuotaName => Setting ?? Name;

    public Quota Quota { get; } = new(Setting ?? Name, Limit);
}

/// <summary>Whose calls of one kind are counted together: those of a user, a device, a session, a network or a /48.</summary>
public readonly record struct CallBucket(
    string Limit, long UserId = 0, string? Id = null, IPAddress? Network = null, bool IsSite = false)
{
    public static CallBucket OfCaller(string limit, HttpContext context) => new(limit, UserId: context.Caller().User.Id);

    public static CallBucket OfNetwork(string limit, HttpContext context) => new(limit, Network: ClientAddress.Network(context));
}
