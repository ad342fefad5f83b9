using System.Collections.Concurrent;
using System.Data.Common;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Tests.Storage.Plans;

/// <summary>A statement that ran, with the values that it ran with.</summary>
public sealed record RanStatement(string Text, IReadOnlyList<(string Name, object? Value)> Values)
{
    /// <summary>What its comment calls it: "Messages.ListSince".</summary>
    public string Name =>
        Text.Split("/*", 2) is [_, var comment] ? comment.Split(["*/", ":"], 2, StringSplitOptions.None)[0].Trim() : Text;
}

/// <summary>A database whose statements are noted as they run, whatever class they stand in.</summary>
public sealed class RecordingDialect(Dialect inner) : PassingDialect(inner)
{
    private readonly ConcurrentQueue<RanStatement> _ran = new();

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

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation) =>
        new RecordingConnection(await base.OpenAsync(cancellation), _ran.Enqueue);

    public override async Task<DbConnection> OpenForReadingAsync(CancellationToken cancellation) =>
        new RecordingConnection(await base.OpenForReadingAsync(cancellation), _ran.Enqueue);

    public override Task CommitAsync(DbTransaction transaction) => base.CommitAsync(((RecordingTransaction)transaction).Inner);
}
