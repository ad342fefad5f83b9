using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SampleIm.Api.Configuration;

namespace SampleIm.Api.Storage;

/// <summary>
/// The only place that opens connections, begins transactions and names errors. SQLite has one writer at a time: writers
/// wait their turn here, in order, rather than in the driver, which would sleep and try again.
/// </summary>
public sealed class Database : IDisposable
{
    private readonly string _connectionString;
    private readonly SemaphoreSlim _writer = new(1, 1);

    static Database()
    {
        SQLitePCL.Batteries_V2.Init();
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new UnixMilliseconds());
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    public Database(IOptions<DatabaseOptions> options, DataFolder folder)
    {
        var given = options.Value.ConnectionString;
        try
        {
            var builder = new SqliteConnectionStringBuilder(string.IsNullOrEmpty(given) ? $"Data Source={folder.DatabaseFile}" : given)
            {
                ForeignKeys = true,
                Pooling = true,
            };
            _connectionString = builder.ToString();
        }
        catch (ArgumentException fault)
        {
            throw new StartupException($"Database:ConnectionString: {fault.Message}");
        }
    }

    /// <summary>Reads on a connection of its own; sees what was committed before, waits for no writer.</summary>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(cancellation);
            return await read(connection);
        }
        catch (SqliteException fault) when (IsUnavailable(fault))
        {
            throw new StorageUnavailableException(fault);
        }
    }

    /// <summary>
    /// Runs the work in one transaction that holds the write lock from its start. Returns after the commit is on the disk;
    /// a throw, and an answer that <paramref name="keep"/> declines, undo everything.
    /// </summary>
    /// <exception cref="UniqueViolationException">A unique index refused a row.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot do it now; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation, Func<T, bool>? keep = null)
    {
        await _writer.WaitAsync(cancellation);
        try
        {
            // From here on the work is finished whether or not the caller still waits: a half-done send helps nobody.
            await using var connection = await OpenAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            var answer = await work(transaction);
            if (keep is null || keep(answer))
            {
                await transaction.CommitAsync(CancellationToken.None);
            }

            return answer;
        }
        catch (SqliteException fault) when (fault.SqliteExtendedErrorCode is SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE or SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY)
        {
            throw new UniqueViolationException(fault);
        }
        catch (SqliteException fault) when (IsUnavailable(fault))
        {
            throw new StorageUnavailableException(fault);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>
    /// Overwrites what an update has just taken out of a row: the log still holds the page as it was before. Where a
    /// reader keeps the log in use this is left to the next time.
    /// </summary>
    public async Task EraseTracesAsync()
    {
        await _writer.WaitAsync();
        try
        {
            await using var connection = await OpenAsync(CancellationToken.None);
            await connection.ExecuteAsync("/* Database.EraseTraces */ PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            _writer.Release();
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _writer.Dispose();
    }

    /// <summary>Faults of the disk, the file or a lock, which are not the request's: it may work later.</summary>
    private static bool IsUnavailable(SqliteException fault) => fault.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY
        or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CORRUPT
        or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_NOTADB;

    private async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await connection.ExecuteAsync("""
            /* Database.Open */
            PRAGMA synchronous = FULL;
            PRAGMA busy_timeout = 5000;
            PRAGMA secure_delete = ON;
            """);
        return connection;
    }

    /// <summary>Times are <see cref="DateTimeOffset"/> in the code and BIGINT Unix milliseconds in the database.</summary>
    private sealed class UnixMilliseconds : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));

        public override void SetValue(System.Data.IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.ToUnixTimeMilliseconds();
    }
}
