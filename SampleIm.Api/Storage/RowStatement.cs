using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SampleIm.Api.Storage;

/// <summary>
/// One statement for any number of rows, for what costs is the trip and not the row. What stands between ⟦ and ⟧ is written
/// once for each row, with <c>#</c> as the row's number, parted by what follows a ¦. Only names of parameters are repeated:
/// values never become text of a statement.
/// </summary>
public sealed partial class RowStatement(string template)
{
    private readonly ConcurrentDictionary<int, string> _texts = new();

    /// <summary>The statement for so many rows; the texts are kept, so the number has to be bounded.</summary>
    public string For(int rows) => _texts.GetOrAdd(rows, count => Repeated().Replace(template, part => string.Join(
        part.Groups["separator"].Value,
        Enumerable.Range(0, count).Select(row => part.Groups["text"].Value.Replace("#", row.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))));

    /// <summary>The statement as a command of a transaction, without its parameters. Each is added once, under its name with the @.</summary>
    public DbCommand CommandFor(int rows, DbTransaction transaction)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = For(rows);
        return command;
    }

    /// <summary>Straight to the driver: looking each name up among all others, as Dapper does, takes longer than the statement.</summary>
    public static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    [GeneratedRegex("⟦(?<text>[^¦⟧]*)(¦(?<separator>[^⟧]*))?⟧")]
    private static partial Regex Repeated();
}
