using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.People.Accounts;

[ApiController]
[Route("api/account")]
[Tags("Account")]
public sealed class AccountController(
    UserManager<User> users, Sessions sessions, DeviceCookie device, ProfileChanges profiles, AuditLog audit,
    TimeProvider clock) : ControllerBase
{
    /// <summary>The caller's own account.</summary>
    /// <remarks>
    /// It also says whether the cookie or the token is still valid: 401 if it is not. A page that does not know yet whether
    /// somebody is signed in adds `?ifSignedIn=true`: nobody is then an answer, 204, and not an error.
    /// </remarks>
    /// <param name="store">Reads the account.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="ifSignedIn">Whether a call without a sign-in is answered with 204. A token that is refused stays 401.</param>
    /// <response code="200">The account.</response>
    /// <response code="204">Nobody is signed in; only with `?ifSignedIn=true`.</response>
    [HttpGet(Name = "GetAccount")]
    [AllowAnonymous]
    [Fails(ProblemCodes.AccountSignInRequired)]
    [ProducesResponseType<AccountResponse>(200)]
    [ProducesResponseType(204)]
    public async Task<IActionResult> Get(
        [FromServices] UserStore store, CancellationToken cancellation, [FromQuery] bool ifSignedIn = false)
    {
        if (HttpContext.Features.Get<Session>() is { } caller)
        {
            return await RespondAsync(caller.User.Id, store, cancellation);
        }

        var isQuestion = ifSignedIn && Request.Headers.Authorization.Count == 0;
        return isQuestion ? NoContent() : ApiProblem.Of(ProblemCodes.AccountSignInRequired);
    }

    /// <summary>Changes display name, e-mail address or bio; what is missing stays.</summary>
    /// <remarks>
    /// Null means the same as a missing field, so this is no merge patch: `application/merge-patch+json` is refused.
    /// An empty text removes the e-mail address or the bio.
    /// </remarks>
    /// <response code="200">The account as it is now.</response>
    [HttpPatch(Name = "UpdateAccount")]
    [EnableRateLimiting(RateLimits.Profile)]
    [Fails(ProblemCodes.AccountDisplayNameInvalid, ProblemCodes.AccountEmailInvalid, ProblemCodes.AccountBioTooLong,
        ProblemCodes.AccountBioInvalid)]
    [ProducesResponseType<AccountResponse>(200)]
    public async Task<IActionResult> Update(
        UpdateAccountRequest request, [FromServices] UserStore store, CancellationToken cancellation)
    {
        var change = new UpdateAccountRequest(
            request.DisplayName?.Trim(), request.Email?.Trim(), request.Bio is { } bio ? AccountRules.CanonicalBio(bio) : null);
        if (AccountChecks.ValidateProfile(change.DisplayName, change.Email, change.Bio) is { } problem)
        {
            return problem;
        }

        var caller = HttpContext.Caller().User;
        await profiles.UpdateAsync(caller.Id, change, cancellation);
        return await RespondAsync(caller.Id, store, cancellation);
    }

    /// <summary>Changes the password and ends every other session of the account; this one goes on.</summary>
    /// <remarks>Ten wrong current passwords lock this call for five minutes, for the session that gave them alone.</remarks>
    /// <response code="204">Changed.</response>
    [HttpPost("password", Name = "ChangePassword")]
    [EnableRateLimiting(RateLimits.Profile)]
    [Fails(ProblemCodes.AccountWrongPassword, ProblemCodes.AccountPasswordWeak, ProblemCodes.AccountLocked)]
    [ProducesResponseType(204)]
    public async Task<IActionResult> ChangePassword(
        ChangePasswordRequest request, [FromServices] PasswordCheck check, [FromServices] UserStore store,
        CancellationToken cancellation)
    {
        var caller = HttpContext.Caller();
        var checkedPassword = await check.CheckOwnAsync(caller, request.CurrentPassword, cancellation);
        if (checkedPassword.LockedUntil is { } lockedUntil)
        {
            audit.Locked(HttpContext, caller.User.Username, lockedUntil);
            return AccountChecks.Locked(lockedUntil, clock.GetUtcNow());
        }

        if (checkedPassword.User is not { } user)
        {
            audit.PasswordChangeFailed(HttpContext, caller.User.Username);
            return ApiProblem.OfField(ProblemCodes.AccountWrongPassword, "currentPassword", "This is not the current password.");
        }

        var newPassword = NormalizedPasswordHasher.Normalize(request.NewPassword);
        if (await users.ValidatePasswordAsync(user, newPassword, "newPassword") is { } weak)
        {
            return weak;
        }

        if (!await store.ChangePasswordAsync(user, users.PasswordHasher.HashPassword(user, newPassword), caller.Id))
        {
            return await ChangedElsewhereAsync(caller, cancellation);
        }

        sessions.ForgetOthers(user.Id, caller.Id);
        audit.PasswordChanged(HttpContext, user.Username);
        if (Request.Headers.Authorization.Count == 0)
        {
            // The cookie until now went by the old password.
            device.Remember(HttpContext, user);
        }

        return NoContent();
    }

    /// <summary>Another change, or a sign-out, came first: it may have ended this session before the memory knows.</summary>
    private async Task<ApiProblem> ChangedElsewhereAsync(Session caller, CancellationToken cancellation)
    {
        await sessions.RecheckAsync(caller.User.Id, cancellation);
        return await sessions.HasEndedAsync(caller, cancellation)
            ? ApiProblem.Of(ProblemCodes.AccountSignInRequired)
            : ApiProblem.OfField(
                ProblemCodes.AccountWrongPassword, "currentPassword", "The password has just been changed elsewhere.");
    }

    private async Task<IActionResult> RespondAsync(long userId, UserStore store, CancellationToken cancellation)
    {
        var user = (await store.FindByIdAsync(userId, cancellation))!;
        return Ok(AccountResponse.Of(user, sessions.IsAdmin(user.Username)));
    }
}
