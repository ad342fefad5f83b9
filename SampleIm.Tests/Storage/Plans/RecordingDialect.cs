using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using SampleIm.Api.Storage;

namespace SampleIm.Tests.Storage.Plans;

/// <summary>A statement that ran, with the values that it ran with.</summary>
public sealed record RanStatement(string Text, IReadOnlyList<(string Name, object? Value)> Values)
{
    /// <summary>What its comment calls it: "Messages.ListSince".</summary>
    public string Name => Text.Split("/*", 2) is [_, var comment] ? comment.Split(["*/", ":"], 2, StringSplitOptions.None)[0].Trim() : Text;
}

/// <summary>A database whose statements are noted as they run, whatever class they stand in.</summary>
public sealed class RecordingDialect(Dialect inner) : Dialect
{
    private readonly ConcurrentQueue<RanStatement> _ran = new();

    public override string Name => inner.Name;

    public override IsolationLevel WriteIsolation => inner.WriteIsolation;

    public override int ParallelSends => inner.ParallelSends;

    public override int KeptWriters => inner.KeptWriters;

    public override int RowsAtOnce => inner.RowsAtOnce;

    /// <summary>What ran since it was last asked.</summary>
    public IReadOnlyList<RanStatement> Take()
    {
        var taken = new List<RanStatement>();
        while (_ran.TryDequeue(out var statement))
        {
            taken.Add(statement);
        }

        return taken;
    }

    public override Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => inner.RunAsync(work, cancellation);

    public override Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation) => inner.RunWriteAsync(work, cancellation);

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation) =>
        new RecordingConnection(await inner.OpenAsync(cancellation), _ran.Enqueue);

    public override async Task<DbConnection> OpenForReadingAsync(CancellationToken cancellation) =>
        new RecordingConnection(await inner.OpenForReadingAsync(cancellation), _ran.Enqueue);

    public override Task CommitAsync(DbTransaction transaction) => inner.CommitAsync(((RecordingTransaction)transaction).Inner);

    public override string? ViolatedConstraint(DbException fault) => inner.ViolatedConstraint(fault);

    public override bool IsCollision(DbException fault) => inner.IsCollision(fault);

    public override bool IsUnavailable(Exception fault) => inner.IsUnavailable(fault);

    public override bool IsThereAlready(DbException fault) => inner.IsThereAlready(fault);

    public override Task<bool> EraseTracesAsync(DbConnection connection) => inner.EraseTracesAsync(connection);

    public override Task<IAsyncDisposable> GuardSchemaAsync(CancellationToken cancellation) => inner.GuardSchemaAsync(cancellation);

    public override IEnumerable<string> Split(string schemaFile) => inner.Split(schemaFile);

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }
}
