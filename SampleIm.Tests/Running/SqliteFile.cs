using Dapper;
using Microsoft.Data.Sqlite;

namespace SampleIm.Tests.Running;

/// <summary>The database file in a data folder, opened beside the program.</summary>
public static class SqliteFile
{
    public static string In(string dataPath) => Path.Combine(dataPath, "sampleim.db");

    public static SqliteConnection Open(string dataPath) => new($"Data Source={In(dataPath)};Pooling=False");

    public static async Task ExecuteAsync(string dataPath, string statements)
    {
        await using var database = Open(dataPath);
        await database.ExecuteAsync(statements);
    }

    /// <summary>
    /// The last connection to close takes the write-ahead log with it, which may be a moment after the program has said that it
    /// ended.
    /// </summary>
    public static async Task UntilClosedAsync(string dataPath)
    {
        for (var tries = 0; File.Exists(In(dataPath) + "-wal"); tries++)
        {
            Assert.IsLessThan(1000, tries, "The database is still open.");
            await Task.Delay(10);
        }
    }

    public static async Task ShouldBeIntactAsync(string dataPath)
    {
        await using var database = Open(dataPath);
        Assert.AreEqual("ok", await database.QueryFirstAsync<string>("PRAGMA integrity_check"));
        Assert.IsEmpty(await database.QueryAsync("PRAGMA foreign_key_check"));
    }
}
