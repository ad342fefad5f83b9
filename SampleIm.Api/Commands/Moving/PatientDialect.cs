using System.Data;
using System.Data.Common;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Commands.Moving;

/// <summary>
/// A server gives up on a database that does not answer within seconds, because people wait. A move has nobody who waits
/// and a lot to lose: its statements may take their time, on whatever thread.
/// </summary>
public sealed class PatientDialect(Dialect inner) : Dialect
{
    public override string Name => inner.Name;

    public override IsolationLevel WriteIsolation => inner.WriteIsolation;

    public override Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => work();

    public override Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        work(CancellationToken.None);

    public override Task<DbConnection> OpenAsync(CancellationToken cancellation) => inner.OpenAsync(cancellation);

    public override int ParallelSends => inner.ParallelSends;

    public override int KeptWriters => inner.KeptWriters;

    public override int RowsAtOnce => inner.RowsAtOnce;

    public override Task CommitAsync(DbTransaction transaction) => inner.CommitAsync(transaction);

    public override string? ViolatedConstraint(DbException fault) => inner.ViolatedConstraint(fault);

    public override bool IsCollision(DbException fault) => inner.IsCollision(fault);

    public override bool IsUnavailable(Exception fault) => inner.IsUnavailable(fault);

    public override Task<bool> EraseTracesAsync(DbConnection connection) => inner.EraseTracesAsync(connection);

    public override Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation) =>
        inner.GuardSchemaAsync(cancellation);

    public override IEnumerable<string> Split(string schemaFile) => inner.Split(schemaFile);

    public override bool IsThereAlready(DbException fault) => inner.IsThereAlready(fault);

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }
}
