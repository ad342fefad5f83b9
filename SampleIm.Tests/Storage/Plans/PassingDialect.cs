using System.Data;
using System.Data.Common;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Tests.Storage.Plans;

/// <summary>A database between which and the program a test stands: everything passes, unless a test overrides it.</summary>
public class PassingDialect(Dialect inner) : Dialect
{
    public override string Name => inner.Name;

    public override IsolationLevel WriteIsolation => inner.WriteIsolation;

    public override int ParallelSends => inner.ParallelSends;

    public override int KeptWriters => inner.KeptWriters;

    public override int RowsAtOnce => inner.RowsAtOnce;

    public override Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => inner.RunAsync(work, cancellation);

    public override Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        inner.RunWriteAsync(work, cancellation);

    public override Task<DbConnection> OpenAsync(CancellationToken cancellation) => inner.OpenAsync(cancellation);

    public override Task<DbConnection> OpenForReadingAsync(CancellationToken cancellation) =>
        inner.OpenForReadingAsync(cancellation);

    public override Task CommitAsync(DbTransaction transaction) => inner.CommitAsync(transaction);

    public override string? ViolatedConstraint(DbException fault) => inner.ViolatedConstraint(fault);

    public override bool IsCollision(DbException fault) => inner.IsCollision(fault);

    public override bool IsUnavailable(Exception fault) => inner.IsUnavailable(fault);

    public override bool IsThereAlready(DbException fault) => inner.IsThereAlready(fault);

    public override Task<bool> EraseTracesAsync(DbConnection connection) => inner.EraseTracesAsync(connection);

    public override Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation) =>
        inner.GuardSchemaAsync(cancellation);

    public override IEnumerable<string> Split(string schemaFile) => inner.Split(schemaFile);

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }
}
