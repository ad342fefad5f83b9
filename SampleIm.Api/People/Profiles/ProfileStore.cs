using Dapper;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Names;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Profiles;

/// <summary>What users show of themselves, for others to find and read.</summary>
public sealed class ProfileStore(Database database)
{
    private const string SelectMatching = """
        /* Profiles.Search: who begins with the text comes first */
        SELECT id, username, username_key, display_name, bio, created_at, place
        FROM (
            SELECT id, username, username_key, display_name, bio, created_at,
                   CASE WHEN INSTR(username_search_key, @key) = 1 OR INSTR(display_name_key, @key) = 1 THEN 0 ELSE 1 END AS place
            FROM users
            WHERE INSTR(username_search_key, @key) > 0 OR INSTR(display_name_key, @key) > 0 OR @key = ''
        ) found
        WHERE place > @afterPlace OR (place = @afterPlace AND username_key > @afterKey)
        ORDER BY place, username_key
        LIMIT @count
        """;

    private const string SelectByKey = """
        /* Profiles.Find */
        SELECT id, username, display_name, bio, created_at
        FROM users
        WHERE username_key = @key
        """;

    /// <summary>At most so many users behind a place of the list, in whose names this key stands, taken literally.</summary>
    public Task<List<FoundRow>> SearchAsync(string key, PageCursor? after, int count, CancellationToken cancellation)
    {
        var arguments = new { key, afterPlace = after?.Rank ?? -1, afterKey = after?.Key ?? "", count };
        return database.ReadAsync(
            async connection => (await connection.QueryAsync<FoundRow>(SelectMatching, arguments)).AsList(), cancellation);
    }

    /// <summary>By a username as somebody typed it.</summary>
    public async Task<ProfileRow?> FindAsync(string username, CancellationToken cancellation)
    {
        foreach (var key in NameKey.ToLookUp(username))
        {
            var row = await database.ReadAsync(
                connection => connection.QuerySingleOrDefaultAsync<ProfileRow>(SelectByKey, new { key }), cancellation);
            if (row is not null)
            {
                return row;
            }
        }

        return null;
    }
}

/// <summary>A user as others see one.</summary>
public class ProfileRow
{
    public long Id { get; init; }

    public string Username { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Bio { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A user whom a search found, and where in the list.</summary>
public sealed class FoundRow : ProfileRow
{
    public string UsernameKey { get; init; } = "";

    /// <summary>0 for names that begin with the text, else 1.</summary>
    public long Place { get; init; }

    public PageCursor ToCursor() => new(Place, UsernameKey);
}
