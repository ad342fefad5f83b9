using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using MySql.Data.MySqlClient;
using SampleIm.Api.Configuration;

namespace SampleIm.Api.Storage;

/// <summary>
/// MySQL 8 and MariaDB. The driver's asynchronous methods block, so the work runs on threads of its own, one for each
/// connection that the pool may have: a slow database keeps those busy and nobody else.
/// </summary>
public sealed class MySqlDialect : Dialect
{
    private const uint DefaultPoolSize = 32;

    /// <summary>Seconds, each below <see cref="s_patience"/>: a transaction that waits for a row gives up before its caller does.</summary>
    private const uint ConnectTimeoutS = 3;

    private const uint StatementTimeoutS = 10;

    private const uint LockTimeoutS = 2;

    private const int SchemaLockTimeoutS = 60;

    /// <summary>How long a request waits for the database before it is told to come again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    private readonly string _connectionString;
    private readonly WorkerThreads _workers;

    public MySqlDialect(string connectionString)
    {
        MySqlCharacterSets.Complete();
        try
        {
            var settings = new MySqlConnectionStringBuilder(connectionString) { CharacterSet = "utf8mb4" };
            if (string.IsNullOrEmpty(settings.Database))
            {
                throw new StartupException("Database:ConnectionString: it names no database: add Database=sampleim.");
            }

            SetDefault(settings, "Maximum Pool Size", DefaultPoolSize);
            SetDefault(settings, "Connection Timeout", ConnectTimeoutS);
            SetDefault(settings, "Default Command Timeout", StatementTimeoutS);
            _connectionString = settings.ToString();
            _workers = new WorkerThreads((int)settings.MaximumPoolSize, "database");
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartupException($"Database:ConnectionString: {fault.Message}");
        }
    }

    public override string Name => "mysql";

    /// <summary>A statement sees what was committed before it, also after waiting for a row.</summary>
    public override IsolationLevel WriteIsolation => IsolationLevel.ReadCommitted;

    public override async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        try
        {
            return await _workers.RunAsync(work, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new StorageUnavailableException($"The database did not answer within {s_patience.TotalSeconds} s.");
        }
    }

    public override Task<T> RunWriteAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => RunAsync(work, cancellation);

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new MySqlConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await connection.ExecuteAsync($"/* MySql.Open */ SET SESSION innodb_lock_wait_timeout = {LockTimeoutS}");
        return connection;
    }

    /// <summary>The name of the index, alone: the text before it holds the value that was refused, which is the user's.</summary>
    public override string? ViolatedConstraint(DbException fault) =>
        fault is MySqlException { Number: (int)MySqlErrorCode.DuplicateKeyEntry } ? fault.Message[(fault.Message.LastIndexOf("for key", StringComparison.Ordinal) + 1)..] : null;

    public override bool IsCollision(DbException fault) =>
        fault is MySqlException { Number: (int)MySqlErrorCode.LockDeadlock or (int)MySqlErrorCode.LockWaitTimeout };

    public override bool IsUnavailable(Exception fault) => fault switch
    {
        MySqlException refused => IsUnavailable(refused.Number) || (refused.InnerException is { } inner && IsUnavailable(inner)),
        IOException or SocketException or TimeoutException => true,
        // The driver says so when the server goes away between two statements.
        InvalidOperationException { Source: "MySql.Data" } => true,
        _ => false,
    };

    /// <summary>What the server keeps of an old row it purges by itself, soon after the commit.</summary>
    public override Task<bool> EraseTracesAsync(DbConnection connection) => Task.FromResult(true);

    public override async Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation)
    {
        // Held by the connection, so a program that dies lets go of it; and closed when disposed, not kept in the pool.
        var connection = new MySqlConnection($"{_connectionString};Pooling=false");
        await connection.OpenAsync(cancellation);
        var isHeld = await connection.QuerySingleAsync<long?>(
            $"/* MySql.GuardSchema */ SELECT GET_LOCK(CONCAT('sampleim:', DATABASE()), {SchemaLockTimeoutS})", commandTimeout: SchemaLockTimeoutS + 10);
        return isHeld == 1 ? connection : throw new StartupException("Another server has been changing the schema of this database for a minute.");
    }

    /// <summary>Each definition is committed by itself here, so each is applied by itself; the files are written to be run again.</summary>
    public override IEnumerable<string> Split(string schemaFile) =>
        schemaFile.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public override void Dispose()
    {
        _workers.Dispose();
        MySqlConnection.ClearAllPools();
        base.Dispose();
    }

    private static void SetDefault(MySqlConnectionStringBuilder settings, string key, uint value)
    {
        if (!settings.ShouldSerialize(key))
        {
            settings[key] = value;
        }
    }

    /// <summary>By number of the server's error; 0 is the driver's own for a connection that broke.</summary>
    private static bool IsUnavailable(int number) => (MySqlErrorCode)number is 0
        or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.HandshakeError
        or MySqlErrorCode.ServerShutdown or MySqlErrorCode.NormalShutdown or MySqlErrorCode.AccessDenied or MySqlErrorCode.DatabaseAccessDenied
        or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.DiskFull or MySqlErrorCode.RecordFileFull or MySqlErrorCode.OptionPreventsStatement
        or MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.LockDeadlock or MySqlErrorCode.NewAbortingConnection or MySqlErrorCode.AbortingConnection;
}
