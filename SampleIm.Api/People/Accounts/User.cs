
namespace SampleIm.Api.People.Accounts;

/// <summary>A row of <c>users</c>, as Identity works on it.</summary>
public sealed class User
{
    public long Id { get; set; }

    public string Username { get; set; } = "";

    public string UsernameKey { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public string? Email { get; set; }

    public string Bio { get; set; } = "";

    public string PasswordHash { get; set; } = "";

    public string SecurityStamp { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
