using System.Data.Common;
using Dapper;
using SampleIm.Api.People.Names;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Accounts;

/// <summary>
/// Names that an earlier release wrote: at start they get the keys of today, a few at a time. Of two accounts whose names have
/// become the same one keeps its earlier key, so nobody loses an account and no newcomer gets the name.
/// </summary>
public sealed partial class EarlierNames(Database database, ILogger<EarlierNames> logger)
{
    /// <summary>Names in one transaction, which has to end before a database server's patience does.</summary>
    private const int Step = 200;

    private const string SelectNext = """
        /* EarlierNames.List */
        SELECT id, username, username_key, display_name
        FROM users
        WHERE username_search_key IS NULL AND id > @after
        ORDER BY id
        LIMIT @count
        """;

    private const string UpdateSearchKeys = """
        /* EarlierNames.FillSearchKeys */
        UPDATE users
        SET username_search_key = @usernameSearchKey, display_name_key = @displayNameKey
        WHERE id = @Id
        """;

    private const string UpdateKey = """
        /* EarlierNames.TakeKey */
        UPDATE users
        SET username_key = @key
        WHERE id = @id
        """;

    /// <summary>
    /// Before the server listens: until then somebody could register a name that an account without its key has.
    /// </summary>
    public async Task BringForwardAsync(CancellationToken cancellation)
    {
        var (after, count) = (0L, 0);
        while (await ListAsync(after, cancellation) is { Count: > 0 } names)
        {
            await database.WriteAsync(transaction => BringForwardAsync(transaction, names), cancellation);
            (after, count) = (names[^1].Id, count + names.Count);
        }

        if (count > 0)
        {
            LogBroughtForward(logger, count);
        }
    }

    private Task<List<EarlierName>> ListAsync(long after, CancellationToken cancellation) => database.ReadAsync(
        async connection => (await connection.QueryAsync<EarlierName>(SelectNext, new { after, count = Step })).AsList(),
        cancellation);

    private async Task<bool> BringForwardAsync(DbTransaction transaction, IReadOnlyList<EarlierName> names)
    {
        foreach (var name in names)
        {
            await transaction.Connection!.ExecuteAsync(UpdateSearchKeys, new
            {
                name.Id,
                usernameSearchKey = SearchKey.Of(name.Username) ?? "",
                displayNameKey = SearchKey.Of(name.DisplayName) ?? "",
            }, transaction);
            if (AccountRules.KeyOf(name.Username) is { Length: > 0 } key && key != name.UsernameKey)
            {
                await TakeKeyAsync(transaction, name.Id, key);
            }
        }

        return true;
    }

    private async Task TakeKeyAsync(DbTransaction transaction, long id, string key)
    {
        try
        {
            await database.NestAsync(
                transaction, () => transaction.Connection!.ExecuteAsync(UpdateKey, new { id, key }, transaction), _ => true);
        }
        catch (UniqueViolationException)
        {
            // Another account has this key: both are found, each by its own.
            LogKeepsKey(logger, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The search finds the {Count} accounts of an earlier release now")]
    private static partial void LogBroughtForward(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The account with the id {Id} has a name that looks like another one")]
    private static partial void LogKeepsKey(ILogger logger, long id);

    private sealed class EarlierName
    {
        public long Id { get; init; }

        public string Username { get; init; } = "";

        public string UsernameKey { get; init; } = "";

        public string DisplayName { get; init; } = "";
    }
}
