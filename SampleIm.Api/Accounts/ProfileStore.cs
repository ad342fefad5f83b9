using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Accounts;

/// <summary>What users show of themselves: their own profile to change, other people's to find and read.</summary>
public sealed class ProfileStore(Database database, KnownUsers known, TimeProvider clock)
{
    private const string Update = """
        /* Profiles.Update: what is null stays */
        UPDATE users
        SET display_name     = COALESCE(@DisplayName, display_name),
            display_name_key = COALESCE(@DisplayNameKey, display_name_key),
            email            = CASE WHEN @Email IS NULL THEN email WHEN @Email = '' THEN NULL ELSE @Email END,
            bio              = COALESCE(@Bio, bio),
            changed_at       = @Now
        WHERE id = @Id
        """;

    private const string SelectMatching = """
        /* Profiles.Search: who begins with the text comes first */
        SELECT id, username, display_name, bio, created_at
        FROM users
        WHERE INSTR(username_key, @key) > 0 OR INSTR(display_name_key, @key) > 0 OR @key = ''
        ORDER BY CASE WHEN INSTR(username_key, @key) = 1 OR INSTR(display_name_key, @key) = 1 THEN 0 ELSE 1 END, username_key
        LIMIT @limit
        """;

    private const string SelectByKey = """
        /* Profiles.Find */
        SELECT id, username, display_name, bio, created_at
        FROM users
        WHERE username_key = @key
        """;

    /// <summary>Changes what is not null; an empty <c>Email</c> removes the address.</summary>
    public async Task UpdateAsync(long userId, UpdateAccountRequest change, CancellationToken cancellation)
    {
        await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(Update, new
        {
            Id = userId,
            change.DisplayName,
            DisplayNameKey = change.DisplayName is null ? null : NameKey.Of(change.DisplayName),
            change.Email,
            change.Bio,
            Now = clock.GetUtcNow(),
        }, transaction), cancellation);
        if (change.DisplayName is not null)
        {
            known.Rename(userId, change.DisplayName);
        }
    }

    /// <summary>Users whose username or display name contains the text, taken literally, without regard to case.</summary>
    public async Task<IReadOnlyList<ProfileRow>> SearchAsync(string key, int limit, CancellationToken cancellation) => await database.ReadAsync(
        async connection => (await connection.QueryAsync<ProfileRow>(SelectMatching, new { key, limit })).AsList(), cancellation);

    public Task<ProfileRow?> FindAsync(string key, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<ProfileRow>(SelectByKey, new { key }), cancellation);
}

/// <summary>A user as others see one.</summary>
public sealed class ProfileRow
{
    public long Id { get; init; }

    public string Username { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Bio { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }
}
