using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Moving;

/// <summary>A table of the source beside that of the target.</summary>
public sealed record TableComparison(string Table, TableDigest Source, TableDigest Target)
{
    public bool IsSame => Source == Target && Source.IsWhole;
}

/// <summary>
/// Moves everything from one database to another. Rows are committed in pages in the order of the key, so what an interrupted
/// move has left of a table is its beginning, and the next one goes on behind it. Whatever went wrong on the way, also a
/// source that was written to meanwhile, shows when both are compared at the end.
/// </summary>
public sealed class Move(Database source, Database target, MoveProgress progress)
{
    private readonly UnfinishedMove _mark = new(target);

    /// <summary>Prepares, copies, compares. The target is left marked as unfinished unless all is the same.</summary>
    /// <exception cref="StartupException">The move cannot be made, or could not be finished.</exception>
    public async Task<IReadOnlyList<TableComparison>> RunAsync()
    {
        await PrepareAsync(await MoveSource.OpenAsync(source));
        foreach (var table in MovedTable.All)
        {
            await CopyAsync(table);
        }

        var comparisons = new List<TableComparison>();
        foreach (var table in MovedTable.All)
        {
            comparisons.Add(await CompareAsync(table));
        }

        await (comparisons.TrueForAll(table => table.IsSame) ? _mark.EndAsync() : _mark.SpoilAsync());
        return comparisons;
    }

    private async Task PrepareAsync(MoveSource from)
    {
        var mark = await FindMarkAsync();
        if (mark is null)
        {
            await _mark.RefuseUsedAsync();
        }
        else if (mark.SourceMadeAt != from.MadeAt)
        {
            throw new StartupException(
                $"The target holds a part of another database, {mark.Source}. Finish that move, or choose an empty database.");
        }
        else if (mark.IsSpoiled)
        {
            await _mark.ClearAsync();
        }

        await new Schema(target, TimeProvider.System, NullLogger<Schema>.Instance).ApplyAsync(CancellationToken.None);
        if (await MoveSource.FindMadeAtAsync(target) == from.MadeAt)
        {
            throw new StartupException("The source and the target are the same database.");
        }

        var goesOn = mark is { IsSpoiled: false };
        if (!goesOn)
        {
            await _mark.BeginAsync(from);
        }

        progress.Say($"From  {from.Description}");
        progress.Say($"To    {await MoveSource.DescribeAsync(target)}");
        if (goesOn)
        {
            progress.Say("Going on with a move that was interrupted.");
        }
    }

    private async Task<MoveMark?> FindMarkAsync()
    {
        try
        {
            return await _mark.FindAsync();
        }
        catch (StorageUnavailableException fault)
        {
            throw new StartupException($"The target cannot be opened: {fault.Message}");
        }
    }

    private async Task CopyAsync(MovedTable table)
    {
        var (from, to) = (new TableRows(source, table), new TableRows(target, table));
        progress.Begin($"copying {table.Name}", await from.CountAsync());
        var lastKey = await to.FindLastKeyAsync();
        progress.Advance(lastKey is null ? 0 : await to.CountAsync());
        await foreach (var page in from.ListPagesAsync(lastKey))
        {
            await AppendAsync(to, page, table.Name);
            progress.Advance(page.Count);
        }

        progress.End();
    }

    private async Task AppendAsync(TableRows to, IReadOnlyList<object?[]> page, string table)
    {
        try
        {
            await to.AppendAsync(page);
        }
        catch (Exception fault) when (fault is DbException or UniqueViolationException)
        {
            await _mark.SpoilAsync();
            throw new StartupException(
                $"The target refused a row of {table}: {fault.Message}. Stop every server on both databases and run the same "
                + "move again: it starts over.");
        }
    }

    private async Task<TableComparison> CompareAsync(MovedTable table)
    {
        var from = new TableRows(source, table);
        progress.Begin($"comparing {table.Name}", await from.CountAsync() * 2);
        var comparison = new TableComparison(
            table.Name,
            await TableDigest.OfAsync(from, progress.Advance),
            await TableDigest.OfAsync(new TableRows(target, table), progress.Advance));
        progress.End();
        return comparison;
    }
}
