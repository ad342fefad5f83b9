using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SampleIm.Api.Storage;

/// <summary>
/// One statement for any number of rows, for what costs is the trip and not the row. What stands between ⟦ and ⟧ is written
/// once for each row, with <c>#</c> as the row's number, parted by what follows a ¦. Only names of parameters are repeated:
/// values never become text of a statement.
/// </summary>
public sealed partial class RowStatement(string template)
{
    /// <summary>Small ones come again and again: they stay prepared as long as their connection.</summary>
    private const int MostRowsPrepared = 8;

    private readonly ConcurrentDictionary<int, string> _texts = new();
    private readonly ConditionalWeakTable<DbConnection, RowCommand?[]> _prepared = new();

    /// <summary>
    /// The statement for so many rows, without values; the texts are kept, so the number has to be bounded. Disposed by the
    /// caller.
    /// </summary>
    public RowCommand For(int rows, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        if (rows > MostRowsPrepared)
        {
            return new RowCommand(connection, TextFor(rows), isKept: false).In(transaction);
        }

        var prepared = _prepared.GetValue(connection, _ => new RowCommand[MostRowsPrepared + 1]);
        return (prepared[rows] ??= new RowCommand(connection, TextFor(rows), isKept: true)).In(transaction);
    }

    /// <summary>The same outside of a transaction, where nothing stays prepared.</summary>
    public RowCommand For(int rows, DbConnection connection) => new(connection, TextFor(rows), isKept: false);

    private string TextFor(int rows) => _texts.GetOrAdd(rows, count => Repeated().Replace(template, part => string.Join(
        part.Groups["separator"].Value,
        Enumerable.Range(0, count)
            .Select(
                row =>
                    part.Groups["text"].Value.Replace(
                        "#", row.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))));

    [GeneratedRegex("⟦(?<text>[^¦⟧]*)(¦(?<separator>[^⟧]*))?⟧")]
    private static partial Regex Repeated();
}
