using Dapper;
using MySql.Data.MySqlClient;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Tests.Running;

/// <summary>
/// The database that this run of the tests is for: SQLite, or with SAMPLEIM_TEST_DATABASE=MySql the MariaDB that
/// SAMPLEIM_TEST_MYSQL reaches as an administrator. Each test application gets one of its own.
/// </summary>
public sealed class TestDatabase : IDisposable
{
    /// <summary>Tests of what only the embedded database has, or of what no database changes: they run once.</summary>
    public const string SqliteOnly = "Sqlite";

    /// <summary>Tests of what only a database server has.</summary>
    public const string MySqlOnly = "MySql";

    private static int s_count;

    private string? _name;

    private TestDatabase(string? name) => _name = name;

    public static bool IsMySql { get; } = Environment.GetEnvironmentVariable("SAMPLEIM_TEST_DATABASE") is "MySql";

    private static string? AdminConnectionString { get; } = Environment.GetEnvironmentVariable("SAMPLEIM_TEST_MYSQL");

    /// <summary>What the program has to be told to use this database.</summary>
    public Dictionary<string, string> Settings => _name is null
        ? []
        : new() { ["Database:Provider"] = "MySql", ["Database:ConnectionString"] = ConnectionString };

    /// <summary>The same as arguments of the program.</summary>
    public string[] Arguments => [.. Settings.Select(setting => $"--{setting.Key}={setting.Value}")];

    public string ConnectionString => $"{AdminConnectionString};Database={_name};Maximum Pool Size=16";

    public static TestDatabase Create() => IsMySql ? CreateMySql() : new TestDatabase(null);

    /// <summary>An empty database on the server, whatever this run is for.</summary>
    public static TestDatabase CreateMySql()
    {
        if (AdminConnectionString is null)
        {
            TestMachine.Lacks("MariaDB");
        }

        var name = $"sampleim_{Environment.ProcessId}_{Interlocked.Increment(ref s_count)}";
        Administer($"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        return new TestDatabase(name);
    }

    /// <summary>As the program would make it, for a test that puts something around it.</summary>
    public Dialect MakeDialect(string dataPath) =>
        IsMySql ? new MySqlDialect(ConnectionString) : new SqliteDialect($"Data Source={SqliteFile.In(dataPath)}");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _name, null) is { } name)
        {
            Administer($"DROP DATABASE {name}");
        }
    }

    private static void Administer(string statement)
    {
        MySqlCharacterSets.Complete();
        using var connection = new MySqlConnection($"{AdminConnectionString};Pooling=false;CharSet=utf8mb4");
        connection.Execute(statement);
    }
}
