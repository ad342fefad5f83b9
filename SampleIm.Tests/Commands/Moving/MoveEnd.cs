using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using MySql.Data.MySqlClient;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Moving;

/// <summary>A database that is moved from or to.</summary>
public sealed class MoveEnd : IDisposable
{
    private readonly TestDatabase? _mySql;

    private MoveEnd(string provider, string connectionString, TestDatabase? mySql) =>
        (Provider, ConnectionString, _mySql) = (provider, connectionString, mySql);

    public string Provider { get; }

    public string ConnectionString { get; }

    public Dictionary<string, string> Settings =>
        new() { ["Database:Provider"] = Provider, ["Database:ConnectionString"] = ConnectionString };

    public string[] Arguments => [.. Settings.Select(setting => $"--{setting.Key}={setting.Value}")];

    public static MoveEnd Sqlite(string file) => new("Sqlite", $"Data Source={file}", null);

    public static MoveEnd MySql()
    {
        var database = TestDatabase.CreateMySql();
        return new MoveEnd("MySql", database.ConnectionString, database);
    }

    public async Task ExecuteAsync(string statements)
    {
        await using var connection = Connect();
        await connection.ExecuteAsync(statements);
    }

    public async Task<long> CountAsync(string table)
    {
        await using var connection = Connect();
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}");
    }

    /// <summary>Every row of a SQLite database as SQL literals, which show what is null, a number, a text or bytes.</summary>
    public async Task<List<string>> DumpAsync()
    {
        await using var connection = Connect();
        var rows = new List<string>();
        foreach (var (table, columns) in await ListColumnsAsync())
        {
            var literals = string.Join(" || ',' || ", columns.Select(column => $"quote({column})"));
            rows.AddRange(await connection.QueryAsync<string>($"SELECT '{table}: ' || {literals} FROM {table} ORDER BY 1"));
        }

        return rows;
    }

    /// <summary>
    /// Tables and columns of a SQLite database, as they are there; without those that only the database and its schema need.
    /// </summary>
    public async Task<List<(string Table, List<string> Columns)>> ListColumnsAsync()
    {
        await using var connection = Connect();
        var columns = await connection.QueryAsync<(string Table, string Column)>("""
            SELECT t.name, c.name
            FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'schema_files'
            """);
        return [.. columns.GroupBy(column => column.Table, column => column.Column).Select(table => (table.Key, table.ToList()))];
    }

    public void Dispose() => _mySql?.Dispose();

    private DbConnection Connect() => Provider is "Sqlite"
        ? new SqliteConnection($"{ConnectionString};Pooling=False")
        : new MySqlConnection($"{ConnectionString};Pooling=false;CharSet=utf8mb4");
}
