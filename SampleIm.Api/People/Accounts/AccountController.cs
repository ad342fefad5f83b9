using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Names;

namespace SampleIm.Api.People.Accounts;

[ApiController]
[Route("api/account")]
[Tags("Account")]
public sealed class AccountController(
    UserManager<User> users, Sessions sessions, DeviceCookie device, ProfileChanges profiles, AuditLog audit,
    TimeProvider clock) : ControllerBase
{
    private const string AccountPath = "/api/account";

    /// <summary>Registers an account and signs it in by cookie.</summary>
    /// <remarks>
    /// A program that wants tokens and no cookie adds `?token=true`: the answer is then that of CreateToken, with status 201.
    /// </remarks>
    /// <param name="request">Name, password and profile.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="token">Whether tokens are wanted instead of a cookie.</param>
    /// <response code="201">The account; the cookie is set.</response>
    [HttpPost("register", Name = "Register")]
    [AllowAnonymous]
    [AnswersTokens(WhenAsked = true)]
    [EnableRateLimiting(RateLimits.Register)]
    [Fails(ProblemCodes.AccountUsernameInvalid, ProblemCodes.AccountUsernameTaken, ProblemCodes.AccountPasswordWeak,
        ProblemCodes.AccountDisplayNameInvalid, ProblemCodes.AccountEmailInvalid)]
    [ProducesResponseType<AccountResponse>(201)]
    public async Task<IActionResult> Register(
        RegisterRequest request, CancellationToken cancellation, [FromQuery] bool token = false)
    {
        if (AccountRules.ValidateTypedUsername(request.Username) is { } untypable)
        {
            return ApiProblem.OfField(ProblemCodes.AccountUsernameInvalid, "username", untypable);
        }

        var username = NameKey.Canonical(request.Username);
        var user = new User
        {
            Username = username,
            DisplayName = string.IsNullOrWhiteSpace(request.DisplayName) ? username : request.DisplayName.Trim(),
            Email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email.Trim(),
        };
        var password = NormalizedPasswordHasher.Normalize(request.Password);
        if (await ValidateNameAndPasswordAsync(user, password) is { } weak)
        {
            return weak;
        }

        if (ValidateProfile(user.DisplayName, user.Email, null) is { } problem)
        {
            return problem;
        }

        var result = await users.CreateAsync(user, password);
        if (!result.Succeeded)
        {
            return Refusal(result, "password");
        }

        audit.Registered(HttpContext, user.Username);
        if (token)
        {
            Response.StatusCode = StatusCodes.Status201Created;
            Response.Headers.Location = AccountPath;
            return await SignInByTokenAsync(user, null, cancellation);
        }

        await SignInByCookieAsync(user, persistent: false, null, cancellation);
        return Created(AccountPath, Respond(user));
    }

    /// <summary>Signs in by cookie.</summary>
    /// <remarks>
    /// Ten wrong passwords lock the name for five minutes, for the network that they came from. A browser in which its owner has
    /// signed in before is counted by itself: it holds a cookie that says so, and nobody elsewhere can lock it.
    /// A program that keeps no cookies calls CreateToken; `?token=true` here is an older name of that.
    /// </remarks>
    /// <param name="request">Name and password.</param>
    /// <param name="token">Whether tokens are wanted instead of a cookie.</param>
    /// <param name="check">Verifies the password.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The account; the cookie is set.</response>
    [HttpPost("login", Name = "Login")]
    [AllowAnonymous]
    [AnswersTokens(WhenAsked = true)]
    [EnableRateLimiting(RateLimits.Login)]
    [Fails(ProblemCodes.AccountBadCredentials, ProblemCodes.AccountLocked)]
    [ProducesResponseType<AccountResponse>(200)]
    public async Task<IActionResult> Login(
        LoginRequest request, [FromServices] PasswordCheck check, CancellationToken cancellation, [FromQuery] bool token = false)
    {
        var result = await check.CheckSignInAsync(HttpContext, request.Username, request.Password, cancellation);
        if (result.Limited is { } tooOften)
        {
            return tooOften;
        }

        if (result.LockedUntil is { } lockedUntil)
        {
            audit.Locked(HttpContext, result.Username, lockedUntil);
            return Locked(lockedUntil);
        }

        if (result.User is not { } user)
        {
            audit.SignInFailed(HttpContext, result.Username);
            return ApiProblem.Of(ProblemCodes.AccountBadCredentials);
        }

        if (token)
        {
            audit.SignedIn(HttpContext, user.Username, "token");
            return await SignInByTokenAsync(user, result.Bucket, cancellation);
        }

        await SignInByCookieAsync(user, request.RememberMe, result.Bucket, cancellation);
        audit.SignedIn(HttpContext, user.Username, "cookie");
        return Ok(Respond(user));
    }

    /// <summary>Signs in by bearer tokens, for programs that keep no cookies.</summary>
    /// <remarks>
    /// Send the access token as `Authorization: Bearer …`; before it ends exchange the refresh token for new ones. It counts and
    /// fails as a sign-in by cookie does.
    /// </remarks>
    /// <param name="request">Name and password.</param>
    /// <param name="check">Verifies the password.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The tokens; no cookie is set.</response>
    [HttpPost("token", Name = "CreateToken")]
    [AllowAnonymous]
    [AnswersTokens]
    [EnableRateLimiting(RateLimits.Login)]
    [Fails(ProblemCodes.AccountBadCredentials, ProblemCodes.AccountLocked)]
    [ProducesResponseType<TokenResponse>(200)]
    public Task<IActionResult> CreateToken(
        TokenRequest request, [FromServices] PasswordCheck check, CancellationToken cancellation) =>
        Login(new LoginRequest(request.Username, request.Password), check, cancellation, token: true);

    /// <summary>Exchanges a refresh token for new tokens of the same sign-in.</summary>
    /// <remarks>The sign-in ends at sign-out, when the password changes, or after 14 days without a refresh.</remarks>
    /// <response code="200">New tokens.</response>
    [HttpPost("refresh", Name = "Refresh")]
    [AllowAnonymous]
    [AnswersTokens]
    [EnableRateLimiting(RateLimits.Refresh)]
    [Fails(ProblemCodes.AccountRefreshInvalid)]
    [ProducesResponseType<TokenResponse>(200)]
    public async Task<IActionResult> Refresh(
        RefreshRequest request, [FromServices] IOptionsMonitor<BearerTokenOptions> options, [FromServices] SignInLimits limits,
        CancellationToken cancellation)
    {
        var ticket = options.Get(IdentityConstants.BearerScheme).RefreshTokenProtector.Unprotect(request.RefreshToken);
        var id = ticket?.Principal.FindFirstValue(SessionMiddleware.SessionClaim);
        if (limits.RefusalOfRefresh(HttpContext, id) is { } tooOften)
        {
            return tooOften;
        }

        if (ticket?.Properties.ExpiresUtc is not { } expires || expires <= clock.GetUtcNow() || id is null
            || await sessions.FindAsync(id, cancellation) is null)
        {
            audit.RefreshFailed(HttpContext);
            return ApiProblem.Of(ProblemCodes.AccountRefreshInvalid);
        }

        return SignIn(ticket.Principal, IdentityConstants.BearerScheme);
    }

    /// <summary>Signs out: this cookie or these tokens end, and the user is no longer online.</summary>
    /// <remarks>Other sign-ins of the account stay. A change of the password ends them all.</remarks>
    /// <response code="204">Signed out.</response>
    [HttpPost("logout", Name = "Logout")]
    [ProducesResponseType(204)]
    public async Task<IActionResult> Logout(CancellationToken cancellation)
    {
        var caller = HttpContext.Caller();
        await sessions.EndAsync(caller, cancellation);
        audit.SignedOut(HttpContext, caller.User.Username);
        await HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        return NoContent();
    }

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
            return Ok(Respond((await store.FindByIdAsync(caller.User.Id, cancellation))!));
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
        if (ValidateProfile(change.DisplayName, change.Email, change.Bio) is { } problem)
        {
            return problem;
        }

        var caller = HttpContext.Caller().User;
        await profiles.UpdateAsync(caller.Id, change, cancellation);
        return Ok(Respond((await store.FindByIdAsync(caller.Id, cancellation))!));
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
            return Locked(lockedUntil);
        }

        if (checkedPassword.User is not { } user)
        {
            audit.PasswordChangeFailed(HttpContext, caller.User.Username);
            return ApiProblem.OfField(ProblemCodes.AccountWrongPassword, "currentPassword", "This is not the current password.");
        }

        var newPassword = NormalizedPasswordHasher.Normalize(request.NewPassword);
        if (await ValidatePasswordAsync(user, newPassword) is { Count: > 0 } faults)
        {
            return Refusal(IdentityResult.Failed([.. faults]), "newPassword");
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

    /// <summary>All faults at once: Identity by itself stops at the password.</summary>
    private async Task<ApiProblem?> ValidateNameAndPasswordAsync(User user, string password)
    {
        var faults = new List<IdentityError>();
        foreach (var validator in users.UserValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user)).Errors);
        }

        faults.AddRange(await ValidatePasswordAsync(user, password));
        return faults.Count > 0 ? Refusal(IdentityResult.Failed([.. faults]), "password") : null;
    }

    private async Task<List<IdentityError>> ValidatePasswordAsync(User user, string password)
    {
        var faults = new List<IdentityError>();
        foreach (var validator in users.PasswordValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user, password)).Errors);
        }

        return faults;
    }

    private static ApiProblem? ValidateProfile(string? displayName, string? email, string? bio)
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
    private static ApiProblem Refusal(IdentityResult result, string passwordField)
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

    private ApiProblem Locked(DateTimeOffset until)
    {
        var wait = until - clock.GetUtcNow();
        return ApiProblem.Of(
            ProblemCodes.AccountLocked, "Too many wrong passwords. Try again later.",
            wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1));
    }

    private async Task<IActionResult> SignInByTokenAsync(User user, string? bucket, CancellationToken cancellation) =>
        SignIn(Principal(user, await sessions.StartAsync(user, bucket, cancellation)), IdentityConstants.BearerScheme);

    private async Task SignInByCookieAsync(User user, bool persistent, string? bucket, CancellationToken cancellation)
    {
        var principal = Principal(user, await sessions.StartAsync(user, bucket, cancellation));
        await HttpContext.SignInAsync(
            IdentityConstants.ApplicationScheme, principal, new AuthenticationProperties { IsPersistent = persistent });
        device.Remember(HttpContext, user);
    }

    private static ClaimsPrincipal Principal(User user, string sessionId) => new(new ClaimsIdentity(
        [new Claim("name", user.Username), new Claim(SessionMiddleware.SessionClaim, sessionId)], AccountSetup.Scheme, "name",
        roleType: null));

    private AccountResponse Respond(User user) =>
        new(user.Username, user.DisplayName, user.Email, user.Bio, null, sessions.IsAdmin(user.Username), user.CreatedAt);
}
