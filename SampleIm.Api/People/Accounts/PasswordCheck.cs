using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.People.Accounts;

/// <summary>The outcome of an attempt: the user, or when the lock ends, or a limit's refusal; else it was wrong.</summary>
/// <param name="User">Who has proved to be it.</param>
/// <param name="Username">Whose name was tried, where somebody has it: for the log, and for no answer.</param>
/// <param name="LockedUntil">When the lock ends that the attempt met or brought.</param>
/// <param name="Limited">The refusal of a limit.</param>
/// <param name="Bucket">Where a right password was counted: the sign-in that follows empties it.</param>
public sealed record PasswordCheckResult(
    User? User = null, string? Username = null, DateTimeOffset? LockedUntil = null, ApiProblem? Limited = null,
    string? Bucket = null);

/// <summary>
/// Verifies a name and a password so that an outsider cannot tell a wrong name from a wrong password: an attempt is counted
/// first, by what the outsider knows alone, and then the same is done for each name, whether or not somebody has it.
/// </summary>
public sealed class PasswordCheck(
    IPasswordHasher<User> hasher, UserStore store, SignInAttempts attempts, NameLimit names, DeviceCookie devices,
    SignInLimits limits)
{
    /// <summary>
    /// No wrong password is answered sooner: longer than a hash takes, so that one that was made with fewer rounds does not show.
    /// An attempt that meets a lock is answered at once, because no password was looked at.
    /// </summary>
    public static readonly TimeSpan FailureTime = TimeSpan.FromMilliseconds(250);

    private static readonly User s_nobody = new();
    private static readonly string s_nobodysHash = new PasswordHasher<User>().HashPassword(s_nobody, Guid.NewGuid().ToString());

    /// <summary>A sign-in, counted for name and network, or for a device on which the owner has signed in before.</summary>
    public async Task<PasswordCheckResult> CheckSignInAsync(
        HttpContext context, string username, string password, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        if (AccountRules.KeyOf(username) is not { } key)
        {
            await WaitAsync(started, cancellation);
            return new();
        }

        // Before the count only where a cookie of ours says that the name exists.
        var device = devices.Find(context, key);
        var user = device is null ? null : await store.FindByUsernameAsync(username, cancellation);
        var isKnown = user is not null && device!.IsOf(user);
        if (!isKnown && limits.RefusalOfStranger(context) is { } refusal)
        {
            return new(Limited: refusal);
        }

        var attempt = isKnown
            ? await attempts.CountAsync(SignInAttempts.BucketOfDevice(device!.Id), null, cancellation)
            : await attempts.CountAsync(
                SignInAttempts.BucketOf(key, ClientAddress.Network(context)),
                () => names.FindRefusal(context, username), cancellation);
        if (attempt.Limited is { } limited)
        {
            return new(Limited: limited);
        }

        user ??= await store.FindByUsernameAsync(username, cancellation);
        return await VerifyAsync(attempt, user, password, started, cancellation);
    }

    /// <summary>Somebody who is signed in gives the own password: counted for the session, which nobody else can lock.</summary>
    public async Task<PasswordCheckResult> CheckOwnAsync(Session session, string password, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var attempt = await attempts.CountAsync(SignInAttempts.BucketOf(session), null, cancellation);
        var user = await store.FindByIdAsync(session.User.Id, cancellation);
        var result = await VerifyAsync(attempt, user, password, started, cancellation);
        if (result.User is not null)
        {
            await attempts.ForgetAsync(attempt.Bucket, cancellation);
        }

        return result;
    }

    private async Task<PasswordCheckResult> VerifyAsync(
        SignInAttempt attempt, User? user, string password, long started, CancellationToken cancellation)
    {
        if (attempt.LockedUntil is { } lockedUntil)
        {
            return new(Username: user?.Username, LockedUntil: lockedUntil);
        }

        var result = hasher.VerifyHashedPassword(user ?? s_nobody, user?.PasswordHash ?? s_nobodysHash, password);
        if (user is null || result == PasswordVerificationResult.Failed)
        {
            await WaitAsync(started, cancellation);
            return new(Username: user?.Username, LockedUntil: attempt.LocksUntil);
        }

        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await store.RenewHashAsync(user, hasher.HashPassword(user, password), cancellation);
        }

        return new(user, user.Username, Bucket: attempt.Bucket);
    }

    /// <summary>What an outsider can measure is real time, whatever clock the program runs on.</summary>
    private static async Task WaitAsync(long started, CancellationToken cancellation)
    {
        // A timer may be a moment early.
        while (FailureTime - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, cancellation);
        }
    }
}
