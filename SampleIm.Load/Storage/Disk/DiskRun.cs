using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using MySql.Data.MySqlClient;
using SampleIm.Load.Hosting.Measuring;

namespace SampleIm.Load.Storage.Disk;

/// <summary>What a run of inserts came to.</summary>
/// <param name="Database">SQLite or MySQL.</param>
/// <param name="PerSecond">Durable inserts a second.</param>
/// <param name="LatencyMs">Of one, from begin to commit.</param>
public sealed record DiskReport(string Database, double PerSecond, LatencySummary LatencyMs)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Database}, one insert a transaction: {PerSecond} a second, {LatencyMs}");
}

/// <summary>Durable inserts, one a transaction, one after the other.</summary>
public static class DiskRun
{
    private static readonly string s_text = new('x', 100);

    /// <summary>In a file of its own, which is removed, with the settings that the server has.</summary>
    public static async Task<DiskReport> OnSqliteAsync(string folder, TimeSpan duration)
    {
        SQLitePCL.Batteries_V2.Init();
        var file = Path.Combine(folder, $"load-{Guid.NewGuid():N}.db");
        try
        {
            await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
            await connection.OpenAsync();
            await connection.ExecuteAsync(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE load_disk (id INTEGER PRIMARY KEY, text "
                    + "TEXT NOT NULL)");
            return await InsertAsync("SQLite", connection, duration);
        }
        finally
        {
            foreach (var part in Directory.EnumerateFiles(folder, Path.GetFileName(file) + "*"))
            {
                File.Delete(part);
            }
        }
    }

    public static async Task<DiskReport> OnMySqlAsync(string connectionString, TimeSpan duration)
    {
        await using var connection = new MySqlConnection(connectionString);
        try
        {
            await connection.OpenAsync();
        }
        catch (MySqlException fault)
        {
            throw new LoadException($"--mysql: {fault.Message}");
        }

        await connection.ExecuteAsync(
            "CREATE TABLE load_disk (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, text TEXT NOT NULL) ENGINE = InnoDB");
        try
        {
            return await InsertAsync("MySQL", connection, duration);
        }
        finally
        {
            await connection.ExecuteAsync("DROP TABLE load_disk");
        }
    }

    private static async Task<DiskReport> InsertAsync(string database, DbConnection connection, TimeSpan duration)
    {
        var (times, started) = (new Latencies(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("INSERT INTO load_disk (text) VALUES (@text)", new { text = s_text }, transaction);
            await transaction.CommitAsync();
            times.Add(Stopwatch.GetTimestamp() - begun);
        }

        return new DiskReport(
            database, Math.Round(times.Count / Stopwatch.GetElapsedTime(started).TotalSeconds, 1), times.Summarise());
    }
}
