using System.Globalization;
using System.Net.Mail;
using System.Text;
using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Names;

namespace SampleIm.Api.People.Accounts;

/// <summary>What names, addresses and texts of an account may look like. Each rule answers null or the reason against.</summary>
public static class AccountRules
{
    public const int UsernameMin = 2;
    public const int UsernameMax = 32;

    /// <summary>UTF-16 units of a username's key: as long as its column.</summary>
    public const int UsernameKeyMax = 128;

    /// <summary>
    /// UTF-16 units of a name or a password as somebody types it, in any Unicode form and with invisible characters. What is
    /// longer is nobody's, and is not brought into another form: that takes time with the square of the length.
    /// </summary>
    public const int TypedMax = 1024;

    public const int DisplayNameMax = 64;
    public const int EmailMax = 254;
    public const int BioMax = 500;
    public const string UsernameForm = "A username has letters and digits of any script, and '_', '-' and '.' between them.";

    private static readonly string s_usernameLength = $"A username has {UsernameMin} to {UsernameMax} characters.";

    private const string MixedScripts = "A username does not mix alphabets whose letters look alike, such as Latin and Cyrillic.";

    private const string LookAlike =
        "A username has no phonetic letters, no letters of old manuscripts, and no dot above an 'i' or 'j': they look like "
            + "others.";

    /// <summary>
    /// The key under which an account of this name, as somebody typed it, would be found; null if nobody can have it. So nothing
    /// is ever counted or kept for a name of any length.
    /// </summary>
    public static string? KeyOf(string username) =>
        CanBeNormalized(username) && NameKey.Of(NameKey.Canonical(username)) is { Length: <= UsernameKeyMax } key ? key : null;

    /// <summary>Whether a name or a password can be brought into another Unicode form.</summary>
    public static bool CanBeNormalized(string typed) => typed.Length <= TypedMax && NameKey.IsWellFormed(typed);

    /// <summary>What somebody types for a new username; null where it can be made a username and judged.</summary>
    public static string? ValidateTypedUsername(string username) =>
        username.Length > TypedMax ? s_usernameLength : NameKey.IsWellFormed(username) ? null : UsernameForm;

    /// <summary>What a new username has to be. Accounts of earlier releases, which asked for less, keep theirs.</summary>
    public static string? ValidateUsername(string username) =>
        ValidateUsernameForm(username)
        ?? (Marks.IsMark(username.EnumerateRunes().First()) || Marks.ArePiledUpIn(username)
            || username.EnumerateRunes().Any(Scripts.IsYoung)
            ? UsernameForm
            : Scripts.AreMixedUpIn(username) ? MixedScripts
            : LookAlikes.AreIn(username) ? LookAlike : null);

    /// <summary>What every username has been in every release.</summary>
    public static string? ValidateUsernameForm(string username)
    {
        var length = username.EnumerateRunes().Count();
        if (length is < UsernameMin or > UsernameMax)
        {
            return s_usernameLength;
        }

        if (!username.EnumerateRunes().All(IsAllowedInUsername) || !username.EnumerateRunes().Any(Rune.IsLetterOrDigit))
        {
            return UsernameForm;
        }

        return null;
    }

    public static string? ValidateDisplayName(string displayName) =>
        displayName.Length is 0 or > DisplayNameMax || displayName.Any(IsNoneOfALine) || !NameKey.IsWellFormed(displayName)
        || Invisible.IsAllOf(displayName) || Marks.ArePiledUpIn(displayName)
            ? $"A display name has 1 to {DisplayNameMax} characters on one line: something to see, no more than "
              + $"{Marks.MostInARow} accents on one letter, and nothing that turns the direction of the text."
            : null;

    public static string? ValidateEmail(string email) =>
        email.Length > EmailMax
            || email.Any(char.IsControl)
            || !NameKey.IsWellFormed(email)
            || !MailAddress.TryCreate(email, out var parsed)
            || parsed.Address != email
            ? "This is not an e-mail address."
            : null;

    /// <summary>A bio as it is kept: one kind of line ends, and nothing at all if nothing of it can be seen.</summary>
    public static string CanonicalBio(string bio)
    {
        var lines = bio.ReplaceLineEndings("\n").Trim();
        return NameKey.IsWellFormed(lines) && Invisible.IsAllOf(lines) ? "" : lines;
    }

    public static string? ValidateBioLength(string bio) =>
        bio.Length > BioMax ? $"A bio has at most {BioMax} characters." : null;

    public static string? ValidateBio(string bio) =>
        bio.Any(unit => unit is not ('\n' or '\t') && IsNoneOfALine(unit)) || !NameKey.IsWellFormed(bio)
        || Marks.ArePiledUpIn(bio)
            ? $"A bio has no control characters, no more than {Marks.MostInARow} accents on one letter, and nothing that turns "
              + "the direction of the text."
            : null;

    /// <summary>
    /// What ends a line, and what turns the direction of the text (Unicode UAX 9, marks and explicit formatting): with it a name
    /// would rearrange what stands beside it, and pass for another.
    /// </summary>
    private static bool IsNoneOfALine(char unit) => char.IsControl(unit)
        || unit is '\u2028' or '\u2029' or '\u200E' or '\u200F' or '\u061C'
            or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    // Marks count as letters: without them no word of Hindi, Thai or Arabic with vowel signs could be a name.
    private static bool IsAllowedInUsername(Rune rune) =>
        rune.Value is '_' or '-' or '.' || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}

/// <summary>The username rule, as Identity asks for it. Whether the name is free is the unique index's to say.</summary>
public sealed class UsernameValidator : IUserValidator<User>
{
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user)
    {
        var reason = AccountRules.ValidateUsername(user.Username);
        return Task.FromResult(reason is null
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = ProblemCodes.AccountUsernameInvalid, Description = reason }));
    }
}
