using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Moving;

/// <summary>
/// The mark of a move in its target, there from before the first row until everything was compared: by it a move that was
/// interrupted knows its own rows from somebody else's, and a server knows that this database is not whole.
/// </summary>
public sealed class UnfinishedMove(Database target)
{
    // The catalogues have nothing in common.
    private const string SqliteExists = """
        /* Move.TableExists */
        SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @table
        """;

    private const string MySqlExists = """
        /* Move.TableExists */
        SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = @table
        """;

    private const string Create = """
        /* Move.MakeMark */
        CREATE TABLE IF NOT EXISTS unfinished_move (
            source_made_at  BIGINT        NOT NULL PRIMARY KEY,
            source          VARCHAR(1000) NOT NULL,
            is_spoiled      BIGINT        NOT NULL
        )
        """;

    private const string Select = """
        /* Move.Mark */
        SELECT source_made_at, source, is_spoiled FROM unfinished_move
        """;

    // Everything else that a server writes refers to a user or to a conversation.
    private const string IsUsed = """
        /* Move.IsUsed */
        SELECT EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM conversations WHERE slug IS NULL OR slug <> 'lobby')
        """;

    private const string RemoveMark = """
        /* Move.RemoveMark */
        DELETE FROM unfinished_move
        """;

    private const string RemoveLobby = """
        /* Move.RemoveLobby: the schema made it; the source has its own */
        DELETE FROM conversations
        """;

    private const string Insert = """
        /* Move.Mark */
        INSERT INTO unfinished_move (source_made_at, source, is_spoiled)
        VALUES (@MadeAt, @Description, 0)
        """;

    /// <summary>For a server that starts.</summary>
    /// <exception cref="StartupException">The database is the target of a move that has not come to its end.</exception>
    public static async Task RefuseAsync(Database database, CancellationToken cancellation)
    {
        if (await FindAsync(database, cancellation) is { } mark)
        {
            throw new StartupException(
                $"The database is the target of a move from {mark.Source} that is not finished. Run the move again, to its end.");
        }
    }

    public Task<MoveMark?> FindAsync() => FindAsync(target, CancellationToken.None);

    /// <summary>Before anything is changed in the target, its schema included.</summary>
    /// <exception cref="StartupException">Somebody has been there.</exception>
    public async Task RefuseUsedAsync()
    {
        // conversations is the later one of the two tables: where the schema was cut off before it, nobody can have been there.
        var isUsed = await target.ReadAsync(async connection =>
            await ExistsAsync(target, connection, "conversations")
                && await connection.ExecuteScalarAsync<long>(IsUsed) != 0, CancellationToken.None);
        if (isUsed)
        {
            throw new StartupException("The target is not empty: it holds users or conversations. Choose an empty database.");
        }
    }

    /// <summary>Marks the target, and makes place for the source's lobby.</summary>
    public async Task BeginAsync(MoveSource source)
    {
        // By itself: MySQL would commit what stands before it.
        await target.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(Create, transaction: transaction), CancellationToken.None);
        await target.WriteAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(RemoveLobby, transaction: transaction);
            await transaction.Connection!.ExecuteAsync(RemoveMark, transaction: transaction);
            return await transaction.Connection!.ExecuteAsync(Insert, source, transaction);
        }, CancellationToken.None);
    }

    /// <summary>What was copied is not what the source holds: the next move from it must not go on from there.</summary>
    public Task SpoilAsync() => target.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "/* Move.Spoil */ UPDATE unfinished_move SET is_spoiled = 1", transaction: transaction), CancellationToken.None);

    /// <summary>Takes all tables but the mark away, as far as they are there; the schema makes them again.</summary>
    public Task ClearAsync() => target.WriteAsync(async transaction =>
    {
        // First the record of the schema: should this stop halfway, nobody takes what is left for a whole one.
        await transaction.Connection!.ExecuteAsync(
            "/* Move.DropHistory */ DROP TABLE IF EXISTS schema_files", transaction: transaction);
        foreach (var table in MovedTable.All.Reverse())
        {
            await transaction.Connection!.ExecuteAsync(table.Drop, transaction: transaction);
        }

        return true;
    }, CancellationToken.None);

    public Task EndAsync() => target.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "/* Move.End */ DROP TABLE unfinished_move", transaction: transaction), CancellationToken.None);

    private static Task<MoveMark?> FindAsync(Database database, CancellationToken cancellation) =>
        database.ReadAsync(async connection =>
        await ExistsAsync(database, connection, "unfinished_move")
            ? await connection.QuerySingleOrDefaultAsync<MoveMark>(Select)
            : null, cancellation);

    private static async Task<bool> ExistsAsync(Database database, DbConnection connection, string table) =>
        await connection.ExecuteScalarAsync<long>(
            database.Dialect.Name is "sqlite" ? SqliteExists : MySqlExists, new { table }) > 0;
}

/// <summary>What is known of a move that is not finished.</summary>
public sealed class MoveMark
{
    /// <summary>Unix milliseconds; see <see cref="MoveSource.MadeAt"/>.</summary>
    public long SourceMadeAt { get; init; }

    /// <summary>Where the source was, in words.</summary>
    public string Source { get; init; } = "";

    public bool IsSpoiled { get; init; }
}
