using System.Diagnostics;
using Microsoft.AspNetCore.Identity;

namespace SampleIm.Api.Accounts;

/// <summary>What a sign-in attempt came to: the user, or when the lock on the name ends, or neither.</summary>
/// <param name="User">Who has proved to be it.</param>
/// <param name="LockedUntil">When the lock on the name ends, whoever has it.</param>
/// <param name="Username">Whose name was tried, where somebody has it: for the log, and for no answer.</param>
public sealed record PasswordCheckResult(User? User, DateTimeOffset? LockedUntil, string? Username);

/// <summary>
/// Verifies a name and a password so that an outsider cannot tell a wrong name from a wrong password: the same work, the
/// same locking, and no failure answered sooner than <see cref="FailureTime"/>.
/// </summary>
public sealed class PasswordCheck(UserManager<User> users, SignInManager<User> signIn, UserStore store, UnknownNames unknownNames)
{
    /// <summary>Longer than a hash and a commit take, so that neither shows in the time of the answer.</summary>
    public static readonly TimeSpan FailureTime = TimeSpan.FromMilliseconds(250);

    private static readonly User s_nobody = new();
    private static readonly string s_nobodysHash = new PasswordHasher<User>().HashPassword(s_nobody, Guid.NewGuid().ToString());

    public async Task<PasswordCheckResult> CheckAsync(string username, string password, CancellationToken cancellation)
    {
        // What an outsider can measure is real time, whatever clock the program runs on.
        var started = Stopwatch.GetTimestamp();
        var result = await VerifyAsync(username, password, cancellation);
        // A timer may be a moment early.
        while (result.User is null && FailureTime - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, cancellation);
        }

        return result;
    }

    private async Task<PasswordCheckResult> VerifyAsync(string username, string password, CancellationToken cancellation)
    {
        if (AccountRules.KeyOf(username) is not { } key)
        {
            return new(null, null, null);
        }

        if (await store.FindByUsernameAsync(username, cancellation) is not { } user)
        {
            users.PasswordHasher.VerifyHashedPassword(s_nobody, s_nobodysHash, password);
            // Waits in the same line of writers, and counts nothing, for nobody has the id 0.
            await store.IncrementAccessFailedCountAsync(s_nobody, cancellation);
            return new(null, unknownNames.Fail(key), null);
        }

        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        return result.Succeeded ? new(user, null, user.Username) : new(null, result.IsLockedOut ? user.LockedUntil : null, user.Username);
    }
}
