using Dapper;
using Microsoft.Data.Sqlite;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SchemaTests
{
    private string _dataPath = "";

    [TestInitialize]
    public void MakeFolder() => _dataPath = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_dataPath, recursive: true);

    [TestMethod]
    public async Task Start_OnAnEmptyFolder_MakesEverything()
    {
        var fresh = Path.Combine(_dataPath, "a", "b");
        await using (var server = await ServerProcess.StartAsync(fresh))
        {
            using var client = new HttpClient();
            Assert.AreEqual("{\"status\":\"ready\"}", await client.GetStringAsync(new Uri(server.Address, "/health/ready")));
        }

        await using var database = Open(fresh);
        CollectionAssert.AreEqual(
            new[]
            {
                "0001_initial.sql", "0002_images_by_owner.sql", "0003_recent_directs.sql", "0004_sign_in_attempts.sql",
                "0005_recalled.sql", "0006_search_names.sql", "0007_edited.sql",
            },
            (await database.QueryAsync<string>("SELECT name FROM schema_files ORDER BY name")).ToList());
        Assert.AreEqual("wal", await database.QuerySingleAsync<string>("PRAGMA journal_mode"));
    }

    [TestMethod]
    public async Task Start_OnANewerDatabase_StopsWithOneReadableLine()
    {
        await PrepareAsync("INSERT INTO schema_files (name, hash, applied_at) VALUES ('9999_future.sql', 'x', 0)");
        await RefusesAsync(
            "The database is newer than this program: it holds the schema file 9999_future.sql. Run the newer version.");
    }

    [TestMethod]
    public async Task Start_OnAnEditedSchema_StopsWithOneReadableLine()
    {
        await PrepareAsync("UPDATE schema_files SET hash = 'other'");
        await RefusesAsync(
            "The schema file 0001_initial.sql was edited after it had been applied to this database. Restore it, and add a new "
                + "file.");
    }

    [TestMethod]
    public async Task Start_OnAForeignSchema_StopsWithOneReadableLine()
    {
        await PrepareAsync("UPDATE schema_files SET name = '0001_other.sql' WHERE name = '0001_initial.sql'");
        await RefusesAsync("The database holds the schema file 0001_other.sql where this program has 0001_initial.sql.");
    }

    [TestMethod]
    public async Task Start_OnAFileThatIsNoDatabase_StopsWithOneReadableLine()
    {
        await File.WriteAllTextAsync(Path.Combine(_dataPath, "sampleim.db"), new string('x', 5000));
        await RefusesAsync("The database cannot be opened: SQLite Error 26: 'file is not a database'.");
    }

    [TestMethod]
    [DataRow(
        "--Database:ConnectionString=nonsense",
        "Database:ConnectionString: Format of the initialization string does not conform to specification starting at index 0.")]
    [DataRow("--Proxies:Trusted:0=10.1", "Proxies:Trusted:0: '10.1' is neither an IP address nor a network such as 10.1.0.0/16.")]
    [DataRow(
        "--Proxies:Trusted:0=10.1.0.0/33",
        "Proxies:Trusted:0: '10.1.0.0/33' is neither an IP address nor a network such as 10.1.0.0/16.")]
    public async Task Start_WithAWrongSetting_StopsWithOneLineThatNamesIt(string setting, string line) =>
        await RefusesAsync(line, setting);

    [TestMethod]
    [DataRow("nonsense")]
    [DataRow("http://localhost:99999")]
    public async Task Start_OnAnAddressThatIsNone_StopsWithOneReadableLine(string urls)
    {
        var (exitCode, output) = await ServerProcess.RunAsync(_dataPath, $"--urls={urls}");
        Assert.AreEqual(1, exitCode);
        Assert.Contains("SampleIm cannot start. ", output);
        Assert.DoesNotContain("   at ", output);
    }

    [TestMethod]
    public async Task Start_OnAPortInUse_StopsWithOneReadableLine()
    {
        await using var first = await ServerProcess.StartAsync(_dataPath);
        var (exitCode, output) = await ServerProcess.RunAsync(Path.Combine(_dataPath, "second"), $"--urls={first.Address}");
        Assert.AreEqual(1, exitCode);
        Assert.Contains("SampleIm cannot start. Urls: Failed to bind to address", output);
        Assert.Contains("Another program listens there", output);
        Assert.DoesNotContain("   at ", output);
    }

    private async Task PrepareAsync(string statement)
    {
        await using (await ServerProcess.StartAsync(_dataPath))
        {
            // It has made the database.
        }

        await using var database = Open(_dataPath);
        await database.ExecuteAsync(statement);
    }

    private async Task RefusesAsync(string line, params string[] settings)
    {
        var (exitCode, output) = await ServerProcess.RunAsync(_dataPath, settings);
        Assert.AreEqual(1, exitCode, output);
        var lines = output.Trim().Split('\n')
            .Where(printed => !printed.Contains("Everything is kept in", StringComparison.Ordinal)
            && !printed.StartsWith("info: SampleIm.Api.Storage.DataFolder", StringComparison.Ordinal));
        Assert.AreEqual($"SampleIm cannot start. {line}", string.Join('\n', lines));
    }

    private static SqliteConnection Open(string folder) =>
        new($"Data Source={Path.Combine(folder, "sampleim.db")};Pooling=False");
}
