using System.Data;
using System.Data.Common;

namespace SampleIm.Api.Storage.Providers;

/// <summary>
/// What differs between the databases besides a few statements: how to connect, what an error means, on which thread the
/// driver may block, how the schema is guarded while it changes.
/// </summary>
public abstract class Dialect : IDisposable
{
    /// <summary>Folder of the schema files under <c>sql/</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Runs work that uses a connection where the driver's synchronous calls harm nobody.</summary>
    /// <exception cref="StorageUnavailableException">The work could not be begun or did not end in time.</exception>
    public abstract Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation);

    /// <summary>
    /// The same for work that writes. It is told when its caller has been answered: what is not committed then must not be.
    /// </summary>
    public abstract Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation);

    /// <summary>An open connection, ready for use.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>The same where nothing will be written; may be cheaper.</summary>
    public virtual Task<DbConnection> OpenForReadingAsync(CancellationToken cancellation) => OpenAsync(cancellation);

    public abstract IsolationLevel WriteIsolation { get; }

    /// <summary>How many transactions of sends make sense at the same time.</summary>
    public abstract int ParallelSends { get; }

    /// <summary>How many connections may stay open between writes.</summary>
    public abstract int KeptWriters { get; }

    /// <summary>How many rows make sense in one statement.</summary>
    public abstract int RowsAtOnce { get; }

    /// <summary>
    /// Returns once the transaction is on the disk; after a throw nothing of it is, and the transaction can be disposed.
    /// </summary>
    public virtual Task CommitAsync(DbTransaction transaction) => transaction.CommitAsync(CancellationToken.None);

    /// <summary>The constraint that a row violated; null where the fault is another one.</summary>
    public abstract string? ViolatedConstraint(DbException fault);

    /// <summary>Whether the transaction was undone only because others were in its way: tried again it may succeed.</summary>
    public abstract bool IsCollision(DbException fault);

    /// <summary>Whether the fault is the database's and not the request's.</summary>
    public abstract bool IsUnavailable(Exception fault);

    /// <summary>
    /// Overwrites what updates have taken out of rows, as far as the database allows. False where it has to be tried again.
    /// </summary>
    public abstract Task<bool> EraseTracesAsync(DbConnection connection);

    /// <summary>
    /// Prepares a database for its first schema file, and keeps other programs from changing the schema until disposed.
    /// </summary>
    public abstract Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation);

    /// <summary>What is applied at once: a database that can undo a whole file gets it whole.</summary>
    public abstract IEnumerable<string> Split(string schemaFile);

    /// <summary>
    /// Whether a definition of a schema file failed because it is there: a database that commits each by itself has it from a
    /// start that was cut off, and not every definition can be written to be run again.
    /// </summary>
    public virtual bool IsThereAlready(DbException fault) => false;

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
