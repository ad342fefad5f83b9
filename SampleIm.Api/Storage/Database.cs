using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Options;
using SampleIm.Api.Storage.Disk;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Storage;

/// <summary>The only place that opens connections, begins transactions and names errors.</summary>
public sealed class Database : IDisposable
{
    /// <summary>A transaction that deadlocked with others is tried this often in all.</summary>
    private const int MostTries = 5;

    private readonly WriterConnections _writers;
    private long _trips;

    private const string ReleaseNested = "/* Database.ReleaseNested */ RELEASE SAVEPOINT nested";

    private const string UndoNested = "/* Database.UndoNested */ ROLLBACK TO SAVEPOINT nested";

    static Database()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new UnixMilliseconds());
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    public Database(IOptions<DatabaseOptions> options, DataFolder folder)
        : this(MakeDialect(options.Value, folder))
    {
    }

    public Database(Dialect dialect)
    {
        Dialect = dialect;
        _writers = new WriterConnections(dialect);
    }

    public Dialect Dialect { get; }

    /// <summary>How many reads and writes there were since the start. A poll makes none.</summary>
    public long Trips => Interlocked.Read(ref _trips);

    /// <summary>Reads on a connection of its own; sees what was committed before, waits for no writer.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    public Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellation) =>
        Dialect.RunAsync(() => NameFaultsAsync(async () =>
        {
            Interlocked.Increment(ref _trips);
            await using var connection = await Dialect.OpenForReadingAsync(cancellation);
            return await read(connection);
        }), cancellation);

    /// <summary>
    /// Runs the work in one transaction. Returns after the commit is on the disk; a throw, and an answer that
    /// <paramref name="keep"/> declines, undo everything. May run the work again where the transaction collided with others.
    /// </summary>
    /// <exception cref="UniqueViolationException">A unique index refused a row.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot do it now.</exception>
    public Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellation, Func<T, bool>? keep = null) =>
        Dialect.RunWriteAsync(
            answered => NameFaultsAsync(() => TryOftenAsync(() => WriteOnceAsync(work, keep, answered), answered)), cancellation);

    /// <summary>
    /// Runs a part of a transaction's work so that it can fail alone: a throw, and an answer that <paramref name="keep"/>
    /// declines, undo this part and nothing else of the transaction.
    /// </summary>
    /// <exception cref="UniqueViolationException">A unique index refused a row.</exception>
    public async Task<T> NestAsync<T>(DbTransaction transaction, Func<Task<T>> work, Func<T, bool> keep)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync("/* Database.Nest */ SAVEPOINT nested", transaction: transaction);
        try
        {
            var answer = await work();
            await connection.ExecuteAsync(keep(answer) ? ReleaseNested : UndoNested, transaction: transaction);
            return answer;
        }
        catch (Exception fault) when (!EndsTransaction(fault))
        {
            await connection.ExecuteAsync(UndoNested, transaction: transaction);
            if (fault is DbException refused && Dialect.ViolatedConstraint(refused) is { } constraint)
            {
                throw new UniqueViolationException(constraint, fault);
            }

            throw;
        }
    }

    /// <summary>Whether a fault within a transaction is the end of all of it, and not of a part.</summary>
    public bool EndsTransaction(Exception fault) =>
        (fault is DbException collision && Dialect.IsCollision(collision)) || Dialect.IsUnavailable(fault);

    /// <summary>The same for changes of the schema at start: nobody waits for an answer, so they may take their time.</summary>
    public Task<T> ChangeSchemaAsync<T>(Func<DbTransaction, Task<T>> work) =>
        NameFaultsAsync(() => WriteOnceAsync(work, null, CancellationToken.None));

    /// <summary>
    /// Overwrites what updates have taken out of rows, as far as the database allows. False where it has to be tried again.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    public Task<bool> EraseTracesAsync(CancellationToken cancellation) => Dialect.RunWriteAsync(_ => NameFaultsAsync(async () =>
    {
        await using var connection = await Dialect.OpenAsync(CancellationToken.None);
        return await Dialect.EraseTracesAsync(connection);
    }), cancellation);

    public void Dispose()
    {
        _writers.Dispose();
        Dialect.Dispose();
    }

    private static Dialect MakeDialect(DatabaseOptions options, DataFolder folder) => options switch
    {
        { Provider: DatabaseProvider.Sqlite } => new SqliteDialect(
            string.IsNullOrEmpty(options.ConnectionString) ? $"Data Source={folder.DatabaseFile}" : options.ConnectionString),
        { ConnectionString: null or "" } => throw new StartupException(
            "Database:ConnectionString: Database:Provider=MySql needs one, such as "
                + "Server=localhost;Port=3306;Database=sampleim;Uid=im;Pwd=…"),
        _ => new MySqlDialect(options.ConnectionString),
    };

    private async Task<T> WriteOnceAsync<T>(Func<DbTransaction, Task<T>> work, Func<T, bool>? keep, CancellationToken answered)
    {
        Interlocked.Increment(ref _trips);
        var transaction = await _writers.BeginAsync();
        // Asked for now: a transaction that has ended has none.
        var connection = transaction.Connection!;
        var isWell = false;
        try
        {
            var answer = await work(transaction);
            // Anyone who was told that it did not happen must not find later that it did.
            answered.ThrowIfCancellationRequested();
            if (keep is null || keep(answer))
            {
                await Dialect.CommitAsync(transaction);
            }

            isWell = true;
            return answer;
        }
        finally
        {
            await (isWell ? _writers.KeepAsync(connection, transaction) : WriterConnections.CloseAsync(connection, transaction));
        }
    }

    private async Task<T> TryOftenAsync<T>(Func<Task<T>> write, CancellationToken answered)
    {
        for (var left = MostTries - 1; ; left--)
        {
            try
            {
                return await write();
            }
            catch (DbException fault) when (left > 0 && !answered.IsCancellationRequested && Dialect.IsCollision(fault))
            {
                // The database undid the whole transaction: nothing of it is left to trip over.
            }
        }
    }

    private async Task<T> NameFaultsAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DbException fault) when (Dialect.ViolatedConstraint(fault) is { } constraint)
        {
            throw new UniqueViolationException(constraint, fault);
        }
        catch (Exception fault) when (Dialect.IsUnavailable(fault))
        {
            throw new StorageUnavailableException(fault.Message, fault);
        }
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
