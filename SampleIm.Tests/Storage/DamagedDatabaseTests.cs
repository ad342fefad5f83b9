using SampleIm.Tests.Running;


namespace SampleIm.Tests.Storage;

/// <summary>A SQLite file that a disk or a person has damaged.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class DamagedDatabaseTests
{
    private const int PageBytes = 4096;

    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Start_OnAFileThatWasCutOff_StopsWithOneLine_AndLeavesTheFile()
    {
        await FillAsync();
        await using (var file = File.OpenWrite(SqliteFile.In(_folder)))
        {
            file.SetLength(PageBytes * 2);
        }

        var before = await File.ReadAllBytesAsync(SqliteFile.In(_folder));
        var (exitCode, output) = await ServerProcess.RunAsync(_folder);
        Assert.AreEqual(1, exitCode, output);
        Assert.EndsWith(
            "SampleIm cannot start. The database cannot be opened: SQLite Error 11: 'database disk image is malformed'.",
            output.Trim());
        Assert.DoesNotContain("   at ", output);
        CollectionAssert.AreEqual(before, await File.ReadAllBytesAsync(SqliteFile.In(_folder)));
    }

    [TestMethod]
    public async Task Reads_OfADamagedPage_Are503_AndTheRestGoesOn()
    {
        await FillAsync();
        await SpoilMessagesAsync();
        await using var app = new SampleImApp(dataPath: _folder);
        var user = await new ApiUser(app, "alice").SignInElsewhereAsync();
        (await user.GetAsync("/api/conversations/lobby/messages/history?limit=100")).ShouldBe(503, "storage.unavailable");
        Assert.AreEqual("alice", (await user.GetAsync("/api/account")).Element.GetProperty("username").GetString());
        (await app.Anonymous().GetAsync("/health/live")).ShouldBe(200);
    }

    [TestMethod]
    public async Task Backup_OfADamagedDatabase_IsRefusedWithOneLine()
    {
        await FillAsync();
        await SpoilMessagesAsync();
        var (exitCode, output) = await ServerProcess.RunCommandAsync(
            "backup", "--to", Path.Combine(_folder, "backup"), $"--Data:Path={_folder}");
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains(
            "SampleIm cannot back up. The database '",
            output.Split('\n').Single(line => line.StartsWith("SampleIm", StringComparison.Ordinal)));
        Assert.Contains("is damaged: ", output);
        Assert.IsEmpty(Directory.GetDirectories(_folder, "backup*"));
    }

    private async Task FillAsync()
    {
        await using (var app = new SampleImApp(dataPath: _folder))
        {
            var user = await app.RegisterAsync("alice");
            for (var number = 0; number < 30; number++)
            {
                await user.SendAsync("lobby", new string('x', 600));
            }
        }

        await SqliteFile.UntilClosedAsync(_folder);
    }

    /// <summary>Every page that holds nothing but messages.</summary>
    private async Task SpoilMessagesAsync()
    {
        await SqliteFile.ExecuteAsync(_folder, "PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = await File.ReadAllBytesAsync(SqliteFile.In(_folder));
        var text = new byte[600];
        Array.Fill(text, (byte)'x');
        for (var page = 1; page < bytes.Length / PageBytes; page++)
        {
            var content = bytes.AsSpan(page * PageBytes, PageBytes);
            if (content.IndexOf(text) >= 0)
            {
                content.Fill(0xEE);
            }
        }

        await File.WriteAllBytesAsync(SqliteFile.In(_folder), bytes);
    }
}
