using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using MySql.Data.MySqlClient;

namespace SampleIm.Api.Storage.Providers;

/// <summary>
/// MySQL 8 and MariaDB. The driver's asynchronous methods block, so the work runs on threads of its own, one for each
/// connection that the pool may have: a slow database keeps those busy and nobody else.
/// </summary>
public sealed class MySqlDialect : Dialect
{
    private const uint DefaultPoolSize = 32;

    private const uint LargestPoolSize = 1000;

    private const uint ConnectTimeoutS = 3;

    /// <summary>Frees the connection of a statement that hangs; its caller has long been answered.</summary>
    private const uint StatementTimeoutS = 10;

    /// <summary>Below <see cref="s_patience"/>: a transaction that waits for a row gives up before its caller does.</summary>
    private const uint LockTimeoutS = 2;

    private const int SchemaLockTimeoutS = 60;

    /// <summary>How long a request waits for the database before it is told to come again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    private readonly string _connectionString;
    private readonly int _connections;
    private readonly WorkerThreads _workers;

    /// <summary>Fewer than there are connections: writers that wait for one row leave some for everything else.</summary>
    private readonly SemaphoreSlim _writers;

    public MySqlDialect(string connectionString)
    {
        MySqlCharacterSets.Complete();
        try
        {
            // Of a setting that is named twice the later one counts, by whatever synonym: what is given overrides what is ours.
            var settings = new MySqlConnectionStringBuilder(
                $"Maximum Pool Size={DefaultPoolSize};Connection Timeout={ConnectTimeoutS};Default Command "
                + $"Timeout={StatementTimeoutS};{connectionString}")
            {
                CharacterSet = "utf8mb4",
                // Two statements in one trip: a part of what the server writes with needs it.
                AllowBatch = true,
            };
            if (string.IsNullOrEmpty(settings.Database))
            {
                throw new StartupException("Database:ConnectionString: it names no database: add Database=sampleim.");
            }

            if (settings.MaximumPoolSize is < 1 or > LargestPoolSize)
            {
                throw new StartupException(
                    $"Database:ConnectionString: Maximum Pool Size must be between 1 and {LargestPoolSize}.");
            }

            _connectionString = settings.ToString();
            _connections = (int)settings.MaximumPoolSize;
            _workers = new WorkerThreads(_connections, "database");
            _writers = new SemaphoreSlim(Math.Max(1, _connections * 3 / 4));
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartupException($"Database:ConnectionString: {fault.Message}");
        }
    }

    public override string Name => "mysql";

    /// <summary>A statement sees what was committed before it, also after waiting for a row.</summary>
    public override IsolationLevel WriteIsolation => IsolationLevel.ReadCommitted;

    public override Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation) =>
        WithPatienceAsync(patience => _workers.RunAsync(work, patience), cancellation);

    public override Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        WithPatienceAsync(async patience =>
    {
        await _writers.WaitAsync(patience);
        return await _workers.RunAsync(async () =>
        {
            try
            {
                return await work(patience);
            }
            finally
            {
                _writers.Release();
            }
        }, patience, () => _writers.Release());
    }, cancellation);

    private static async Task<T> WithPatienceAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        try
        {
            return await work(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StorageUnavailableException($"The database did not answer within {s_patience.TotalSeconds} s.");
        }
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new MySqlConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await PrepareAsync(connection);
        return connection;
    }

    /// <summary>
    /// Whatever the server's defaults are. The mode above all: the driver writes values into statements with backslashes before
    /// quotes, which mean nothing in some modes, and then a value could become a part of the statement.
    /// </summary>
    private static Task<int> PrepareAsync(MySqlConnection connection) => connection.ExecuteAsync($"""
        /* MySql.Open */
        SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1,
                    innodb_lock_wait_timeout = {LockTimeoutS}
        """);

    /// <summary>More than one, so that a conversation whose row somebody holds does not keep all the others waiting.</summary>
    public override int ParallelSends => 4;

    /// <summary>What is kept is missing in the pool, which may be small.</summary>
    public override int KeptWriters => Math.Min(ParallelSends, _connections / 4);

    /// <summary>The way to the server and back is what costs.</summary>
    public override int RowsAtOnce => 128;

    /// <summary>The name of the index, alone: the text before it holds the value that was refused, which is the user's.</summary>
    public override string? ViolatedConstraint(DbException fault) =>
        fault is MySqlException { Number: (int)MySqlErrorCode.DuplicateKeyEntry }
            ? fault.Message[(fault.Message.LastIndexOf("for key", StringComparison.Ordinal) + 1)..]
            : null;

    /// <summary>A deadlock, whose victim is told at once; a row that was waited for in vain is not waited for again.</summary>
    public override bool IsCollision(DbException fault) => fault is MySqlException { Number: (int)MySqlErrorCode.LockDeadlock };

    public override bool IsUnavailable(Exception fault) => fault switch
    {
        MySqlException refused => IsUnavailable(refused.Number) || (refused.InnerException is { } inner && IsUnavailable(inner)),
        IOException or SocketException or TimeoutException => true,
        // The driver says so when the server goes away between two statements.
        InvalidOperationException { Source: "MySql.Data" } => true,
        // And fails like this where an administrator or a limit ends the statement.
        NullReferenceException { StackTrace: { } trace } =>
            trace.Contains("MySql.Data", StringComparison.Ordinal) || trace.Contains("Dapper", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>What the server keeps of an old row it purges by itself, soon after the commit.</summary>
    public override Task<bool> EraseTracesAsync(DbConnection connection) => Task.FromResult(true);

    public override async Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation)
    {
        // Held by the connection, so a program that dies lets go of it; and closed when disposed, not kept in the pool.
        var connection = new MySqlConnection($"{_connectionString};Pooling=false");
        await connection.OpenAsync(cancellation);
        await PrepareAsync(connection);
        var isHeld = await connection.QuerySingleAsync<long?>(
            $"/* MySql.GuardSchema */ SELECT GET_LOCK(CONCAT('sampleim:', DATABASE()), {SchemaLockTimeoutS})",
            commandTimeout: SchemaLockTimeoutS + 10);
        return isHeld == 1
            ? connection
            : throw new StartupException("Another server has been changing the schema of this database for a minute.");
    }

    /// <summary>
    /// Each definition is committed by itself here, so each is applied by itself; the files are written to be run again.
    /// </summary>
    public override IEnumerable<string> Split(string schemaFile) =>
        schemaFile.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A column, which has no IF NOT EXISTS in MySQL.</summary>
    public override bool IsThereAlready(DbException fault) =>
        fault is MySqlException { Number: (int)MySqlErrorCode.DuplicateFieldName };

    public override void Dispose()
    {
        _workers.Dispose();
        _writers.Dispose();
        MySqlConnection.ClearAllPools();
        base.Dispose();
    }

    /// <summary>By number of the server's error; 0 is the driver's own for a connection that broke.</summary>
    private static bool IsUnavailable(int number) => (MySqlErrorCode)number is 0
        or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.HandshakeError
        or MySqlErrorCode.ServerShutdown or MySqlErrorCode.NormalShutdown or MySqlErrorCode.AccessDenied
        or MySqlErrorCode.DatabaseAccessDenied
        or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.DiskFull or MySqlErrorCode.RecordFileFull
        or MySqlErrorCode.OptionPreventsStatement
        or MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.LockDeadlock or MySqlErrorCode.NewAbortingConnection
        or MySqlErrorCode.AbortingConnection
        || number is ErrorOnRead or ErrorOnWrite or UnknownCommand or ErrorOnCommit or TooManyUserConnections or QueryInterrupted
            or ConnectionKilled or StatementTimeout or StatementTimeoutOfMySql;

    // By their numbers in the servers' lists of errors: the driver has no names for all of them.
    private const int ErrorOnWrite = 1026;
    private const int ErrorOnRead = 1030;
    private const int UnknownCommand = 1047;
    private const int ErrorOnCommit = 1180;
    private const int TooManyUserConnections = 1203;
    private const int QueryInterrupted = 1317;
    private const int ConnectionKilled = 1927;
    private const int StatementTimeout = 1969;
    private const int StatementTimeoutOfMySql = 3024;
}
