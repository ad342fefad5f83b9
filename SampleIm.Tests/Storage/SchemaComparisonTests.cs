using Dapper;
using Microsoft.Data.Sqlite;
using MySql.Data.MySqlClient;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

/// <summary>That both schemas are the same schema: tables, columns, keys, what is unique, what refers to what.</summary>
[TestClass]
[TestCategory(TestDatabase.MySqlOnly)]
public sealed class SchemaComparisonTests
{
    private const string SqliteColumns = """
        SELECT t.name || '.' || c.name || ' '
            || CASE c.type WHEN 'INTEGER' THEN 'number' WHEN 'BIGINT' THEN 'number' ELSE 'text' END
               || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
        FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
        """;

    private const string MySqlColumns = """
        SELECT CONCAT(table_name, '.', column_name, ' ', CASE data_type WHEN 'bigint' THEN 'number' ELSE 'text' END,
               CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END)
        FROM information_schema.columns
        WHERE table_schema = DATABASE()
        """;

    private const string SqliteUnique = """
        SELECT t.name || ' ' || (SELECT group_concat(c.name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c)
        FROM sqlite_master t, pragma_index_list(t.name) i
        WHERE t.type = 'table' AND i."unique" = 1
        UNION
        SELECT t.name || ' ' || c.name
        FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND c.pk = 1
          AND (SELECT COUNT(*) FROM pragma_table_info(t.name) k WHERE k.pk > 0) = 1
        """;

    private const string MySqlUnique = """
        SELECT CONCAT(table_name, ' ', GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ','))
        FROM information_schema.statistics
        WHERE table_schema = DATABASE() AND non_unique = 0
        GROUP BY table_name, index_name
        """;

    private const string SqliteReferences = """
        SELECT t.name || '.' || f."from" || ' ' || f."table" || '.' || f."to"
        FROM sqlite_master t, pragma_foreign_key_list(t.name) f
        WHERE t.type = 'table'
        """;

    private const string MySqlReferences = """
        SELECT CONCAT(table_name, '.', column_name, ' ', referenced_table_name, '.', referenced_column_name)
        FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
        """;

    [TestMethod]
    public async Task BothSchemas_AreTheSame()
    {
        var sqliteData = TestMachine.MakeFolder();
        using var mySqlDatabase = TestDatabase.CreateMySql();
        await using (await ServerProcess.StartAsync(sqliteData))
        await using (await ServerProcess.StartAsync(Path.Combine(sqliteData, "mysql"), 0, mySqlDatabase.Arguments))
        {
            // They have made their databases.
        }

        await using (var sqlite = new SqliteConnection($"Data Source={Path.Combine(sqliteData, "sampleim.db")};Pooling=False"))
        await using (var mySql = new MySqlConnection($"{mySqlDatabase.ConnectionString};CharSet=utf8mb4;Pooling=false"))
        {
            foreach (var (sqliteStatement, mySqlStatement) in new[]
                {
                    (SqliteColumns, MySqlColumns), (SqliteUnique, MySqlUnique), (SqliteReferences, MySqlReferences),
                })
            {
                var expected = (await sqlite.QueryAsync<string>(sqliteStatement)).Order(StringComparer.Ordinal).ToList();
                Assert.IsGreaterThan(5, expected.Count);
                Assert.AreEqual(
                    string.Join('\n', expected),
                    string.Join('\n', (await mySql.QueryAsync<string>(mySqlStatement)).Order(StringComparer.Ordinal)));
            }
        }

        Directory.Delete(sqliteData, recursive: true);
    }

    [TestMethod]
    public void BothFolders_HaveTheSameFiles()
    {
        string[] Files(string dialect) =>
            [.. Directory.EnumerateFiles(Path.Combine(TestMachine.RepositoryPath, "sql", dialect), "0*.sql")
            .Select(file => Path.GetFileName(file)).Order()];
        CollectionAssert.AreEqual(Files("sqlite"), Files("mysql"));
    }
}
