using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.People.Accounts;

/// <summary>Checks what an account is given, and says at which field of the call something is wrong.</summary>
public static class AccountChecks
{
    /// <summary>All faults at once: Identity by itself stops at the password.</summary>
    public static async Task<ApiProblem?> ValidateNameAndPasswordAsync(this UserManager<User> users, User user, string password)
    {
        var faults = new List<IdentityError>();
        foreach (var validator in users.UserValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user)).Errors);
        }

        faults.AddRange(await users.FindPasswordFaultsAsync(user, password));
        return faults.Count > 0 ? Refusal(IdentityResult.Failed([.. faults]), "password") : null;
    }

    /// <param name="users">Knows the rules.</param>
    /// <param name="user">Whose password it is to be.</param>
    /// <param name="password">The password, normalized.</param>
    /// <param name="field">The field of the call that holds it.</param>
    public static async Task<ApiProblem?> ValidatePasswordAsync(
        this UserManager<User> users, User user, string password, string field) =>
        await users.FindPasswordFaultsAsync(user, password) is { Count: > 0 } faults
            ? Refusal(IdentityResult.Failed([.. faults]), field)
            : null;

    public static ApiProblem? ValidateProfile(string? displayName, string? email, string? bio)
    {
        if (displayName is not null && AccountRules.ValidateDisplayName(displayName) is { } nameFault)
        {
            return ApiProblem.OfField(ProblemCodes.AccountDisplayNameInvalid, "displayName", nameFault);
        }

        if (!string.IsNullOrEmpty(email) && AccountRules.ValidateEmail(email) is { } emailFault)
        {
            return ApiProblem.OfField(ProblemCodes.AccountEmailInvalid, "email", emailFault);
        }

        if (bio is not null && AccountRules.ValidateBioLength(bio) is { } lengthFault)
        {
            return ApiProblem.OfField(ProblemCodes.AccountBioTooLong, "bio", lengthFault);
        }

        return bio is not null && AccountRules.ValidateBio(bio) is { } bioFault
            ? ApiProblem.OfField(ProblemCodes.AccountBioInvalid, "bio", bioFault)
            : null;
    }

    /// <summary>Identity's refusal, whose codes are ours: the first decides, all stand at their fields.</summary>
    public static ApiProblem Refusal(IdentityResult result, string passwordField)
    {
        var errors = result.Errors
            .GroupBy(error => error.Code switch
            {
                ProblemCodes.AccountPasswordWeak => passwordField,
                ProblemCodes.AccountWrongPassword => "currentPassword",
                _ => "username",
            })
            .ToDictionary(group => group.Key, group => group.Select(error => error.Description).ToArray());
        var first = result.Errors.First();
        return ApiProblem.OfFields(first.Code, first.Description, errors);
    }

    /// <summary>Too many wrong passwords have been tried.</summary>
    /// <param name="until">When it may be tried again.</param>
    /// <param name="now">The time now.</param>
    public static ApiProblem Locked(DateTimeOffset until, DateTimeOffset now)
    {
        var wait = until - now;
        return ApiProblem.Of(
            ProblemCodes.AccountLocked, "Too many wrong passwords. Try again later.",
            wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1));
    }

    private static async Task<List<IdentityError>> FindPasswordFaultsAsync(
        this UserManager<User> users, User user, string password)
    {
        var faults = new List<IdentityError>();
        foreach (var validator in users.PasswordValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user, password)).Errors);
        }

        return faults;
    }
}
