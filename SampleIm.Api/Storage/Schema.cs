using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.Storage;

/// <summary>Brings the database to the schema of this program, file by file, and refuses one that it cannot vouch for.</summary>
public sealed partial class Schema(Database database, TimeProvider clock, ILogger<Schema> logger)
{
    private readonly IReadOnlyList<SchemaFile> _files = SchemaFile.List(database.Dialect.Name);

    /// <summary>Applies the files that are new to the database. Servers that start at once wait for each other.</summary>
    /// <exception cref="StartupException">
    /// The database cannot be reached, is newer than the program, or was made with an edited file.
    /// </exception>
    public async Task ApplyAsync(CancellationToken cancellation)
    {
        try
        {
            await using var guard = await database.Dialect.GuardSchemaAsync(cancellation);
            await database.ChangeSchemaAsync(CreateHistoryAsync);
            var applied = await database.ChangeSchemaAsync(transaction => ListAppliedAsync(transaction.Connection!, transaction));
            Verify(applied);
            foreach (var file in _files.Skip(applied.Count))
            {
                if (await database.ChangeSchemaAsync(transaction => ApplyAsync(transaction, file)))
                {
                    LogApplied(logger, file.Name);
                }
            }
        }
        catch (Exception fault) when (fault is DbException or StorageUnavailableException)
        {
            throw new StartupException($"The database cannot be opened: {FullDisk.Explain(fault)}");
        }
    }

    /// <summary>
    /// For anyone who only reads: an older database will do, because its tables are among those that this program knows.
    /// </summary>
    /// <exception cref="StartupException">The database is newer than the program, or was made with an edited file.</exception>
    public async Task VerifyAsync(CancellationToken cancellation) =>
        Verify(await database.ReadAsync(connection => ListAppliedAsync(connection, null), cancellation));

    /// <summary>Whether the database answers and holds exactly the files of this program.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        var applied = await database.ReadAsync(connection => ListAppliedAsync(connection, null), cancellation);
        return applied.Select(row => row.Name).SequenceEqual(_files.Select(file => file.Name));
    }

    private static Task<int> CreateHistoryAsync(DbTransaction transaction) => transaction.Connection!.ExecuteAsync("""
        /* Schema.CreateHistory */
        CREATE TABLE IF NOT EXISTS schema_files (
            name        VARCHAR(100) NOT NULL PRIMARY KEY,
            hash        VARCHAR(64)  NOT NULL,
            applied_at  BIGINT       NOT NULL
        )
        """, transaction: transaction, commandTimeout: 0);

    private static async Task<IReadOnlyList<AppliedFile>> ListAppliedAsync(
        DbConnection connection, DbTransaction? transaction) => (await connection.QueryAsync<AppliedFile>("""
        /* Schema.ListApplied */
        SELECT name, hash
        FROM schema_files
        ORDER BY name
        """, transaction: transaction, commandTimeout: transaction is null ? null : 0)).AsList();

    /// <summary>False where another server has just applied the file.</summary>
    private async Task<bool> ApplyAsync(DbTransaction transaction, SchemaFile file)
    {
        var connection = transaction.Connection!;
        if (await connection.QuerySingleAsync<long>("/* Schema.IsApplied */ SELECT COUNT(*) FROM schema_files WHERE name = "
            + "@Name", file, transaction, 0) > 0)
        {
            return false;
        }

        foreach (var statement in database.Dialect.Split(file.Text))
        {
            try
            {
                // However long it takes on a large table.
                await connection.ExecuteAsync(statement, transaction: transaction, commandTimeout: 0);
            }
            catch (DbException fault) when (database.Dialect.IsThereAlready(fault))
            {
                // From a start that was cut off before the file was recorded.
            }
        }

        await connection.ExecuteAsync("""
            /* Schema.RecordApplied */
            INSERT INTO schema_files (name, hash, applied_at)
            VALUES (@Name, @Hash, @Now)
            """, new { file.Name, file.Hash, Now = clock.GetUtcNow() }, transaction, commandTimeout: 0);
        return true;
    }

    private void Verify(IReadOnlyList<AppliedFile> applied)
    {
        for (var index = 0; index < applied.Count; index++)
        {
            var row = applied[index];
            if (index == _files.Count)
            {
                throw new StartupException(
                    $"The database is newer than this program: it holds the schema file {row.Name}. Run the newer version.");
            }

            if (row.Name != _files[index].Name)
            {
                throw new StartupException(
                    $"The database holds the schema file {row.Name} where this program has {_files[index].Name}.");
            }

            if (row.Hash != _files[index].Hash)
            {
                throw new StartupException(
                    $"The schema file {row.Name} was edited after it had been applied to this database. Restore it, and add a "
                    + "new file.");
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied the schema file {Name}")]
    private static partial void LogApplied(ILogger logger, string name);

    private sealed class AppliedFile
    {
        public string Name { get; init; } = "";

        public string Hash { get; init; } = "";
    }
}
