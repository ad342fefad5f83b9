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
using SampleIm.Api.People.Names;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>Who has no account makes one; who has one signs in by cookie or tokens, and out.</summary>
[ApiController]
[Route("api/account")]
[Tags("Account")]
public sealed class SignInController(
    UserManager<User> users, Sessions sessions, DeviceCookie device, AuditLog audit, TimeProvider clock) : ControllerBase
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
        if (await users.ValidateNameAndPasswordAsync(user, password) is { } weak)
        {
            return weak;
        }

        if (AccountChecks.ValidateProfile(user.DisplayName, user.Email, null) is { } problem)
        {
            return problem;
        }

        var result = await users.CreateAsync(user, password);
        if (!result.Succeeded)
        {
            return AccountChecks.Refusal(result, "password");
        }

        audit.Registered(HttpContext, user.Username);
        if (token)
        {
            Response.StatusCode = StatusCodes.Status201Created;
            Response.Headers.Location = AccountPath;
            return await SignInByTokenAsync(user, null, cancellation);
        }

        await SignInByCookieAsync(user, persistent: false, null, cancellation);
        return Created(AccountPath, AccountResponse.Of(user, sessions.IsAdmin(user.Username)));
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
            return AccountChecks.Locked(lockedUntil, clock.GetUtcNow());
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
        return Ok(AccountResponse.Of(user, sessions.IsAdmin(user.Username)));
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
}
