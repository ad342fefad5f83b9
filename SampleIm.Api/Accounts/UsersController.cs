using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using SampleIm.Api.OpenApi;
using SampleIm.Api.Presence;
using SampleIm.Api.Problems;
using SampleIm.Api.Security;

namespace SampleIm.Api.Accounts;

[ApiController]
[Route("api/users")]
[Tags("Users")]
public sealed class UsersController(ProfileStore profiles, OnlineList online) : ControllerBase
{
    /// <summary>Users whose username or display name contains a text.</summary>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="query" example="al">Taken literally, without regard to case; empty or missing: everybody, by username. At most 64 characters.</param>
    /// <param name="limit">How many at most, 1 to 100.</param>
    /// <response code="200">The users found.</response>
    [HttpGet(Name = "FindUsers")]
    [EnableRateLimiting(RateLimits.Search)]
    [ProducesResponseType<UserListResponse>(200)]
    public async Task<IActionResult> Find(
        CancellationToken cancellation, [FromQuery, RegularExpression(@"[^\0]{0,64}", ErrorMessage = "A search has at most 64 characters.")] string? query = null, [FromQuery, Range(1, 100)] int limit = 20)
    {
        var rows = NameKey.Of(query?.Trim() ?? "") is { } key ? await profiles.SearchAsync(key, limit, cancellation) : [];
        return Ok(new UserListResponse(
            rows.Select(row => new FoundUser(row.Username, row.DisplayName, null, online.Contains(row.Id))).ToList()));
    }

    /// <summary>One user's public profile.</summary>
    /// <param name="username" example="bob">In any case and Unicode form.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The profile.</response>
    [HttpGet("{username}", Name = "GetUser")]
    [Fails(ProblemCodes.UserUnknown)]
    [ProducesResponseType<UserResponse>(200)]
    public async Task<IActionResult> Get(string username, CancellationToken cancellation) =>
        NameKey.Of(username) is { } key && await profiles.FindAsync(key, cancellation) is { } row
            ? Ok(new UserResponse(row.Username, row.DisplayName, null, online.Contains(row.Id), row.Bio, row.CreatedAt))
            : ApiProblem.Of(ProblemCodes.UserUnknown);
}
