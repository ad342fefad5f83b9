using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Names;
using SampleIm.Api.People.Presence;

namespace SampleIm.Api.People.Profiles;

[ApiController]
[Compressed]
[Route("api/users")]
[Tags("Users")]
public sealed class UsersController(ProfileStore profiles, OnlineList online) : ControllerBase
{
    /// <summary>Users whose username or display name contains a text.</summary>
    /// <remarks>Whose name begins with the text comes first, then by username.</remarks>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="query" example="al">
    /// Taken literally, without regard to case, accents and double blanks; an <c>@</c> may stand before it. Empty or missing:
    /// everybody, by username. At most 64 characters.
    /// </param>
    /// <param name="limit">How many at most, 1 to 100.</param>
    /// <param name="after">The <c>next</c> of the page before; missing: the first page.</param>
    /// <response code="200">The users found.</response>
    [HttpGet(Name = "FindUsers")]
    [EnableRateLimiting(RateLimits.Search)]
    [ProducesResponseType<UserListResponse>(200)]
    public async Task<IActionResult> Find(
        CancellationToken cancellation,
        [FromQuery, RegularExpression(@"[^\0]{0,64}", ErrorMessage = "A search has at most 64 characters.")] string? query = null,
        [FromQuery, Range(1, 100)] int limit = 20,
        [FromQuery] string? after = null)
    {
        PageCursor? place = null;
        if (!string.IsNullOrEmpty(after) && !PageCursor.TryParse(after, out place))
        {
            return ApiProblem.OfField(ProblemCodes.RequestInvalid, "after", PageCursor.Refusal);
        }

        // One more than is wanted tells whether there is more.
        var key = SearchKey.OfQuery(query ?? "");
        var rows = key is null ? [] : await profiles.SearchAsync(key, place, limit + 1, cancellation);
        var page = rows.Take(limit).ToList();
        var next = rows.Count > limit ? page[^1].ToCursor().ToString() : null;
        var users = page.ConvertAll(row => new FoundUser(row.Username, row.DisplayName, null, online.Contains(row.Id)));
        return Ok(new UserListResponse(users, next is not null, next));
    }

    /// <summary>One user's public profile.</summary>
    /// <remarks>What everybody who is signed in may see; the e-mail address is not part of it.</remarks>
    /// <param name="username" example="bob">In any case and Unicode form.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The profile.</response>
    [HttpGet("{username}", Name = "GetUser")]
    [Fails(ProblemCodes.UserUnknown)]
    [ProducesResponseType<UserResponse>(200)]
    public async Task<IActionResult> Get(string username, CancellationToken cancellation) =>
        await profiles.FindAsync(username, cancellation) is { } row
            ? Ok(new UserResponse(row.Username, row.DisplayName, null, online.Contains(row.Id), row.Bio, row.CreatedAt))
            : ApiProblem.Of(ProblemCodes.UserUnknown);
}
