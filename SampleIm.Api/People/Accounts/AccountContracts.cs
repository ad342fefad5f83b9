using System.ComponentModel.DataAnnotations;
using SampleIm.Api.Hosting.OpenApi;

namespace SampleIm.Api.People.Accounts;

/// <summary>A new account.</summary>
/// <param name="Username" example="alice">
/// 2 to 32 characters: letters and digits of any script (of one, or of Latin and one without letters like it), <c>_</c>,
/// <c>-</c>, <c>.</c>; unique without regard to case, Unicode form and invisible characters.
/// </param>
/// <param name="Password" example="correct horse battery">
/// 8 to 256 characters, several different ones, not all digits, not a name or address of the account with little added, not a
/// very common one.
/// </param>
/// <param name="DisplayName" example="Alice">
/// 1 to 64 characters on one line, something to see among them; the username without it.
/// </param>
/// <param name="Email" example="alice@example.org">Shown to nobody else.</param>
public sealed record RegisterRequest(
    [Required] string Username,
    [Required] string Password,
    string? DisplayName = null,
    string? Email = null);

/// <summary>A sign-in.</summary>
/// <param name="Username" example="alice">In any case and Unicode form; white space at its ends does not count.</param>
/// <param name="Password" example="correct horse battery">As it was chosen.</param>
/// <param name="RememberMe" example="true">Whether the cookie outlives the browser's session.</param>
public sealed record LoginRequest([Required] string Username, [Required] string Password, bool RememberMe = false);

/// <summary>A sign-in by tokens.</summary>
/// <param name="Username" example="alice">In any case and Unicode form.</param>
/// <param name="Password" example="correct horse battery">As it was chosen.</param>
public sealed record TokenRequest([Required] string Username, [Required] string Password);

/// <summary>A sign-in that goes on with a refresh token.</summary>
/// <param name="RefreshToken" example="CfDJ8…">From the last answer with tokens.</param>
public sealed record RefreshRequest([Required] string RefreshToken);

/// <summary>A change of the profile: what is missing or null stays.</summary>
/// <param name="DisplayName" example="Alice L.">1 to 64 characters on one line, something to see among them.</param>
/// <param name="Email" example="alice@example.org">An address, or an empty text to remove it.</param>
/// <param name="Bio" example="Down the rabbit hole.">At most 500 characters, lines among them.</param>
public sealed record UpdateAccountRequest(string? DisplayName = null, string? Email = null, string? Bio = null);

/// <summary>A change of the password.</summary>
/// <param name="CurrentPassword" example="correct horse battery">The password until now.</param>
/// <param name="NewPassword" example="a better horse">
/// 8 to 256 characters, several different ones, not all digits, not a name or address of the account with little added, not a
/// very common one.
/// </param>
public sealed record ChangePasswordRequest([Required] string CurrentPassword, [Required] string NewPassword);

/// <summary>The caller's own account.</summary>
/// <param name="Username" example="alice">As it was chosen, in normalised Unicode form.</param>
/// <param name="DisplayName" example="Alice">What others see.</param>
/// <param name="Email" example="alice@example.org">Shown to nobody else; null without one.</param>
/// <param name="Bio" example="Down the rabbit hole.">A text about oneself; may be empty.</param>
/// <param name="AvatarUrl" example="null">Null: accounts have no images yet.</param>
/// <param name="IsAdmin" example="false">Whether the account may recall anybody's message.</param>
/// <param name="CreatedAt" example="2026-11-19T07:30:00.000Z">When it was registered.</param>
public sealed record AccountResponse(
    string Username, string DisplayName, string? Email, string Bio, string? AvatarUrl, bool IsAdmin, DateTimeOffset CreatedAt)
{
    public static AccountResponse Of(User user, bool isAdmin) =>
        new(user.Username, user.DisplayName, user.Email, user.Bio, null, isAdmin, user.CreatedAt);
}

/// <summary>What a sign-in by token brings.</summary>
/// <param name="TokenType" example="Bearer">How the access token is sent.</param>
/// <param name="AccessToken" example="CfDJ8…">For the header <c>Authorization: Bearer …</c>.</param>
/// <param name="ExpiresIn" example="3600">Seconds until the access token ends.</param>
/// <param name="RefreshToken" example="CfDJ8…">For <c>POST /api/account/refresh</c>; ends after 14 days.</param>
public sealed record TokenResponse(
    [KnownValues("Bearer")] string TokenType, string AccessToken, long ExpiresIn, string RefreshToken);

/// <summary>A user as lists show one.</summary>
/// <param name="Username" example="bob">Unique.</param>
/// <param name="DisplayName" example="Bob">Not unique.</param>
/// <param name="AvatarUrl" example="null">Null: accounts have no images yet.</param>
public record UserSummary(string Username, string DisplayName, string? AvatarUrl)
{
    public static UserSummary Of(KnownUser user) => new(user.Username, user.DisplayName, null);
}
