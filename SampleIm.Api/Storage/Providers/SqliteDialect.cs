using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace SampleIm.Api.Storage.Providers;

/// <summary>
/// The embedded database. It has one writer at a time: writers wait their turn here, in order, rather than in the driver,
/// which would sleep and try again. Statements take microseconds, so they run on the caller's thread.
/// </summary>
public sealed class SqliteDialect : Dialect
{
    /// <summary>How long a lock of another program is waited for; the driver tries again until then.</summary>
    private const int BusyTimeoutS = 4;

    private readonly string _connectionString;
    private readonly SemaphoreSlim _writer = new(1, 1);

    static SqliteDialect() => SQLitePCL.Batteries_V2.Init();

    public SqliteDialect(string connectionString)
    {
        try
        {
            _connectionString = new SqliteConnectionStringBuilder(connectionString)
            {
                ForeignKeys = true,
                Pooling = true,
                DefaultTimeout = BusyTimeoutS,
            }.ToString();
        }
        catch (ArgumentException fault)
        {
            throw new StartupException($"Database:ConnectionString: {fault.Message}");
        }
    }

    public override string Name => "sqlite";

    /// <summary>The file that a connection string names, as it stands there.</summary>
    /// <exception cref="StartupException">It is no connection string.</exception>
    public static string FileOf(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString).DataSource;
        }
        catch (ArgumentException fault)
        {
            throw new StartupException($"Database:ConnectionString: {fault.Message}");
        }
    }

    /// <summary>The driver begins such a transaction with the write lock, not at its first write.</summary>
    public override IsolationLevel WriteIsolation => IsolationLevel.Serializable;

    public override Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => work();

    public override async Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        // Where another program holds the file, nobody's turn comes: all that stand in line are told, not one every few seconds.
        if (!await _writer.WaitAsync(TimeSpan.FromSeconds(BusyTimeoutS), cancellation))
        {
            throw new StorageUnavailableException($"No turn to write came within {BusyTimeoutS} s.");
        }

        try
        {
            // Its turn takes a moment: from here on nobody is answered before it is done.
            return await work(CancellationToken.None);
        }
        finally
        {
            _writer.Release();
        }
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await OpenForReadingAsync(cancellation);
        await connection.ExecuteAsync("""
            /* Sqlite.Open */
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            """);
        return connection;
    }

    public override async Task<DbConnection> OpenForReadingAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    public override int ParallelSends => 1;

    public override int KeptWriters => 1;

    /// <summary>A statement costs little, but it looks each parameter up among all of its names.</summary>
    public override int RowsAtOnce => 8;

    /// <summary>
    /// Where the disk refuses a commit, SQLite undoes the transaction by itself. The driver does not notice, fails to undo it
    /// again when it is disposed, hides the fault by that, and loses the connection: so there has to be one to undo.
    /// </summary>
    public override async Task CommitAsync(DbTransaction transaction)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        try
        {
            await base.CommitAsync(transaction);
        }
        catch (SqliteException) when (sqlite3_get_autocommit(connection.Handle) != 0)
        {
            await connection.ExecuteAsync("/* Sqlite.BeginToUndo */ BEGIN", transaction: transaction);
            throw;
        }
    }

    /// <summary>The columns: "UNIQUE constraint failed: messages.sender_id, messages.client_id".</summary>
    public override string? ViolatedConstraint(DbException fault) =>
        fault is SqliteException { SqliteExtendedErrorCode: SQLITE_CONSTRAINT_UNIQUE or SQLITE_CONSTRAINT_PRIMARYKEY }
            ? fault.Message
            : null;

    /// <summary>Writers stand in line, so none is in another's way.</summary>
    public override bool IsCollision(DbException fault) => false;

    public override bool IsUnavailable(Exception fault) => fault is SqliteException
    {
        SqliteErrorCode: SQLITE_BUSY or SQLITE_LOCKED or SQLITE_READONLY or SQLITE_IOERR or SQLITE_CORRUPT or SQLITE_FULL
            or SQLITE_CANTOPEN or SQLITE_NOTADB,
    };

    /// <summary>The log still holds the page as it was before. A reader that keeps the log in use is not waited for.</summary>
    public override async Task<bool> EraseTracesAsync(DbConnection connection) => await connection.QuerySingleAsync<long>("""
        /* Sqlite.EraseTraces: answers first whether it was kept from it */
        PRAGMA wal_checkpoint(TRUNCATE)
        """) == 0;

    public override async Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation)
    {
        var connection = await OpenAsync(cancellation);
        await connection.ExecuteAsync("/* Sqlite.UseWriteAheadLog */ PRAGMA journal_mode = WAL");
        return connection;
    }

    public override IEnumerable<string> Split(string schemaFile) => [schemaFile];

    public override void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _writer.Dispose();
        base.Dispose();
    }
}
