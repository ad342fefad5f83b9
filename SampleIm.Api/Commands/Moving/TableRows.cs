using System.Data.Common;
using System.Text;
using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Moving;

/// <summary>The rows of one table in one database, read and written in pages in the order of the key.</summary>
public sealed class TableRows(Database database, MovedTable table)
{
    /// <summary>Rows that are read and committed at once: of the longest messages a few megabytes.</summary>
    private const int PageLength = 500;

    /// <summary>Rows in one statement: more save little, and SQLite looks each parameter up among all of the statement.</summary>
    private const int StatementLength = 10;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Task<long> CountAsync() =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(table.Count), CancellationToken.None);

    /// <summary>The values of the last row's key; null where the table is empty.</summary>
    public Task<object?[]?> FindLastKeyAsync() => database.ReadAsync(async connection =>
        (await QueryAsync(connection, table.LastKey, new DynamicParameters())).SingleOrDefault(), CancellationToken.None);

    /// <summary>All rows after a key, or all there are.</summary>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ListPagesAsync(object?[]? after)
    {
        while (true)
        {
            var page = await database.ReadAsync(connection => ReadPageAsync(connection, after), CancellationToken.None);
            if (page.Count == 0)
            {
                yield break;
            }

            yield return page;
            after = page[^1];
        }
    }

    /// <summary>Writes the rows in one transaction.</summary>
    /// <exception cref="DbException">A row does not fit.</exception>
    public Task<bool> AppendAsync(IReadOnlyList<object?[]> rows) => database.WriteAsync(async transaction =>
    {
        foreach (var some in rows.Chunk(StatementLength))
        {
            var values = new DynamicParameters();
            foreach (var (at, value) in some.SelectMany(row => row).Index())
            {
                values.Add($"v{at}", value);
            }

            await transaction.Connection!.ExecuteAsync(table.InsertRows(some.Length), values, transaction);
        }

        return true;
    }, CancellationToken.None);

    private async Task<List<object?[]>> ReadPageAsync(DbConnection connection, object?[]? after)
    {
        var rows = new List<object?[]>(PageLength);
        foreach (var statement in after is null ? [table.First] : table.Next)
        {
            var arguments = new DynamicParameters(new { count = PageLength - rows.Count });
            foreach (var (at, value) in (after ?? []).Take(table.Key.Count).Index())
            {
                arguments.Add($"k{at}", value);
            }

            rows.AddRange(await QueryAsync(connection, statement, arguments));
        }

        return rows;
    }

    private static async Task<List<object?[]>> QueryAsync(DbConnection connection, string statement, DynamicParameters arguments)
    {
        var rows = new List<object?[]>();
        await using var reader = await connection.ExecuteReaderAsync(statement, arguments);
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            for (var at = 0; at < row.Length; at++)
            {
                row[at] = ToValue(reader.GetValue(at));
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The same value from each database: a whole number, a text or null.</summary>
    private static object? ToValue(object value) => value switch
    {
        DBNull => null,
        long or string => value,
        // MySQL keeps a clientId as the bytes of its text.
        byte[] text => s_utf8.GetString(text),
        _ => throw new NotSupportedException($"Values of the type {value.GetType().Name} are not moved."),
    };
}
