namespace SampleIm.Api.People.Profiles;

/// <summary>A user as the search finds one.</summary>
/// <param name="Username" example="bob">Unique.</param>
/// <param name="DisplayName" example="Bob">Not unique.</param>
/// <param name="AvatarUrl" example="null">Null: accounts have no images yet.</param>
/// <param name="Online" example="true">Whether the user stands on the online list.</param>
public sealed record FoundUser(string Username, string DisplayName, string? AvatarUrl, bool Online);

/// <summary>The users that a search found.</summary>
/// <param name="Users">Who begins with the text first, then by username.</param>
/// <param name="HasMore" example="false">Whether the list goes on after this page.</param>
/// <param name="Next" example="null">Send it as <c>after</c> to get the next page; null on the last one.</param>
public sealed record UserListResponse(IReadOnlyList<FoundUser> Users, bool HasMore, string? Next);

/// <summary>A user's public profile.</summary>
/// <param name="Username" example="bob">Unique.</param>
/// <param name="DisplayName" example="Bob">Not unique.</param>
/// <param name="AvatarUrl" example="null">Null: accounts have no images yet.</param>
/// <param name="Online" example="true">Whether the user stands on the online list.</param>
/// <param name="Bio" example="Can we fix it?">What the user says about themselves; may be empty.</param>
/// <param name="CreatedAt" example="2026-11-19T08:00:00.000Z">When the user registered.</param>
public sealed record UserResponse(
    string Username, string DisplayName, string? AvatarUrl, bool Online, string Bio, DateTimeOffset CreatedAt);
