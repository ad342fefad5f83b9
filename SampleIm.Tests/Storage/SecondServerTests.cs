using SampleIm.Tests.Running;


namespace SampleIm.Tests.Storage;

/// <summary>Two servers on one SQLite file would each answer from a memory that knows nothing of the other.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SecondServerTests
{
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task SecondServer_OnTheSameFolder_IsRefusedWithOneLine_AndTheFirstGoesOn()
    {
        await using var first = await ServerProcess.StartAsync(_folder);
        await RefusesAsync(_folder);
        using var client = new HttpClient();
        Assert.Contains("ready", await client.GetStringAsync(new Uri(first.Address, "/health/ready")));
    }

    [TestMethod]
    public async Task SecondServer_OnTheSameFileByAnotherName_IsRefused()
    {
        await using var first = await ServerProcess.StartAsync(_folder);
        var other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        File.CreateSymbolicLink(SqliteFile.In(other), SqliteFile.In(_folder));
        await RefusesAsync(other);
        await RefusesAsync(other, $"--Database:ConnectionString=Data Source=file:{SqliteFile.In(_folder)}");
    }

    [TestMethod]
    public async Task NextServer_AfterOneThatWasKilled_Starts()
    {
        await using (var first = await ServerProcess.StartAsync(_folder))
        {
            await first.KillAsync();
        }

        await using var next = await ServerProcess.StartAsync(_folder);
    }

    [TestMethod]
    public async Task NextServer_AfterOneThatWasStopped_StartsInTheSameProcess()
    {
        await using (var first = new SampleImApp(dataPath: _folder))
        {
            await first.RegisterAsync("alice");
        }

        await using var next = new SampleImApp(dataPath: _folder);
        await new ApiUser(next, "alice").SignInElsewhereAsync();
    }

    [TestMethod]
    public async Task Move_BesideARunningServer_StillWorks()
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        var (exitCode, output) = await ServerProcess.RunCommandAsync(
            "move", "--from-provider", "Sqlite", "--from", $"Data Source={SqliteFile.In(_folder)}", "--to-provider", "Sqlite",
            "--to", $"Data Source={_folder}/moved.db");
        Assert.AreEqual(0, exitCode, output);
    }

    private async Task RefusesAsync(string folder, params string[] settings)
    {
        var (exitCode, output) = await ServerProcess.RunAsync(folder, settings);
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains(
            $"SampleIm cannot start. Another server runs on the database '{SqliteFile.In(_folder)}'. A SQLite database has one "
            + "server: stop the other, or use MySql.", output);
        Assert.DoesNotContain("   at ", output);
    }
}
