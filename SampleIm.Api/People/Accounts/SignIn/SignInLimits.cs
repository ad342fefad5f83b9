using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>How often somebody may sign in and renew a sign-in: counted by device, session or network.</summary>
public sealed class SignInLimits(CallLimits calls, DeviceCookie devices)
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<NameLimit>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton(provider =>
        {
            var devices = provider.GetRequiredService<DeviceCookie>();
            return new CallLimit(RateLimits.Login, SettingOf(provider), context => OfDeviceOrNetwork(devices, context));
        });
        // Counted by what stands in the body: the action asks.
        services.AddSingleton(provider =>
            new CallLimit(RateLimits.Refresh, SettingOf(provider), BucketOf: null, Setting: RateLimits.Login));
    }

    /// <summary>
    /// A sign-in under a name whose owner has not signed in on the device. A cookie for another name, which anybody gets who
    /// registers, is no reason to count it apart from the rest of its network: one person could have many such cookies.
    /// </summary>
    public ApiProblem? RefusalOfStranger(HttpContext context)
    {
        if (!calls.IsOn || devices.FirstId(context) is null)
        {
            // Without a cookie it has been counted for the network already.
            return null;
        }

        // Of the two counts the answer tells the one that decides.
        Quota.Clear(context.Response);
        return calls.FindRefusal(context, CallBucket.OfNetwork(RateLimits.Login, context));
    }

    /// <summary>A refresh is counted for its session, so that no stranger in the same network stops it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="sessionId">Null where the token is none of ours: that counts as a sign-in from its network.</param>
    public ApiProblem? RefusalOfRefresh(HttpContext context, string? sessionId) => calls.IsOn
        ? calls.FindRefusal(
            context,
            sessionId is null
                ? CallBucket.OfNetwork(RateLimits.Login, context)
                : new CallBucket(RateLimits.Refresh, Id: sessionId))
        : null;

    /// <summary>
    /// A device on which somebody has signed in before has a bucket of its own: nobody on another one empties it.
    /// </summary>
    private static CallBucket OfDeviceOrNetwork(DeviceCookie devices, HttpContext context) => devices.FirstId(context) is { } id
        ? new CallBucket(RateLimits.Login, Id: id)
        : CallBucket.OfNetwork(RateLimits.Login, context);

    private static RateLimit SettingOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<RateLimitOptions>>().Value.Login;
}
