using System.Net;
using System.Net.Http.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Backup;

/// <summary>The commands <c>backup</c> and <c>restore</c>, beside a server that is in use.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class BackupTests
{
    private string _folder = "";

    private string Data => Path.Combine(_folder, "data");

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Backup_WhilePeopleChat_HoldsAllThatWasAcknowledgedBefore()
    {
        const int Backups = 4;
        await using var server = await ServerProcess.StartAsync(Data);
        using var crowd = await Crowd.StartAsync(server.Address, 4);
        var acknowledged = new List<IReadOnlyDictionary<long, string>>();
        for (var number = 0; number < Backups; number++)
        {
            await crowd.UntilMoreAsync(60);
            acknowledged.Add(crowd.Acknowledged);
            await SucceedsAsync("backup", "--to", Backup(number), $"--Data:Path={Data}");
        }

        await crowd.StopAsync();
        Assert.IsGreaterThan(20, crowd.Recalls);
        for (var number = 0; number < Backups; number++)
        {
            var restored = Path.Combine(_folder, $"restored{number}");
            await SucceedsAsync("restore", "--from", Backup(number), $"--Data:Path={restored}");
            await using var again = await ServerProcess.StartAsync(restored);
            var (_, pictures) = await crowd.AuditAsync(again.Address, acknowledged[number]);
            Assert.IsGreaterThan(0, pictures);
            (
                await crowd.Anyone.PostAsJsonAsync(
                    new Uri(again.Address, "/api/conversations/lobby/messages"),
                    new { text = "goes on" })).EnsureSuccessStatusCode();
            // Nothing that the database does not know: what was recalled before the backup is not in it.
            Assert.HasCount(
                Directory.GetFiles(Path.Combine(restored, "images")).Length,
                Directory.GetFiles(Path.Combine(Backup(number), "images")));
        }
    }

    [TestMethod]
    public async Task Backup_HoldsNothingThatWasRecalledBefore()
    {
        await using (var app = new SampleImApp(dataPath: Data))
        {
            var alice = await app.RegisterAsync("alice");
            await alice.SendAsync("lobby", "a secret that is recalled");
            var picture = await alice.UploadPictureAsync();
            (await alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id })).ShouldBe(201);
            (await alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
            (await alice.DeleteAsync("/api/conversations/lobby/messages/2")).ShouldBe(204);
            await SucceedsAsync("backup", "--to", Backup(0), $"--Data:Path={Data}");
        }

        Assert.IsEmpty(Directory.GetFiles(Path.Combine(Backup(0), "images")));
        Assert.AreEqual(
            -1, (await File.ReadAllBytesAsync(Path.Combine(Backup(0), "sampleim.db"))).AsSpan().IndexOf("a secret"u8));
    }

    [TestMethod]
    public async Task Backup_IsForItsOwnerOnly_AndNothingIsLeftBesideIt()
    {
        await FillAsync();
        var output = await SucceedsAsync("backup", "--to", Backup(0), $"--Data:Path={Data}");
        Assert.Contains("1 users, 2 messages, 1 images, 1 sign-in keys; all of it was checked.", output);
        Assert.AreEqual("backup0|data", Names(_folder));
        Assert.AreEqual("images|keys|manifest.json|sampleim.db", Names(Backup(0)));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var path in Directory.GetFileSystemEntries(Backup(0), "*", SearchOption.AllDirectories).Append(Backup(0)))
            {
                Assert.AreEqual(
                    UnixFileMode.None,
                    File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute),
                    path);
            }
        }
    }

    [TestMethod]
    public async Task Backup_IntoAnEmptyFolder_Works_AndIntoAUsedOneIsRefused()
    {
        await FillAsync();
        Directory.CreateDirectory(Backup(0));
        await SucceedsAsync("backup", "--to", Backup(0), $"--Data:Path={Data}");
        var before = Contents(Backup(0));
        await FailsAsync($"SampleIm cannot back up. --to: '{Backup(0)}' is there already and not empty. Each backup gets a "
            + "folder of its own.",
            "backup", "--to", Backup(0), $"--Data:Path={Data}");
        CollectionAssert.AreEqual(before, Contents(Backup(0)));
    }

    [TestMethod]
    public async Task Backup_WhereNoDatabaseIs_IsRefused_AndMakesNothing()
    {
        await FailsAsync($"SampleIm cannot back up. There is no database at '{SqliteFile.In(Data)}'. Data:Path says where it is.",
            "backup", "--to", Backup(0), $"--Data:Path={Data}");
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public async Task Backup_OfDataThatLacksAPicture_IsRefused_AndSaysWhichMessageShowsIt()
    {
        await FillAsync();
        var picture = Directory.GetFiles(Path.Combine(Data, "images")).Single();
        File.Delete(picture);
        await FailsAsync($"SampleIm cannot back up. The data folder is damaged: the file of the image "
            + $"{Path.GetFileName(picture)} is missing or cut off. "
            + "Put it back, or recall message 2 of lobby, which shows it.", "backup", "--to", Backup(0), $"--Data:Path={Data}");
        Assert.AreEqual("data", Names(_folder));
    }

    [TestMethod]
    [DataRow("--to is missing.", "backup")]
    [DataRow("--too is not an argument.", "backup", "--too", "x")]
    [DataRow("--to has no value.", "backup", "--to")]
    [DataRow("--to has no value.", "backup", "--to", "--Data:Path=x")]
    [DataRow("--to is there twice.", "backup", "--to", "x", "--to=y")]
    [DataRow("--from is missing.", "restore", "--Data:Path=x")]
    public async Task Commands_WithWrongArguments_SayHowTheyAreUsed(string line, params string[] arguments)
    {
        var (exitCode, output) = await ServerProcess.RunCommandAsync(arguments);
        Assert.AreEqual(2, exitCode, output);
        Assert.Contains(line, output);
        Assert.Contains("dotnet run --project SampleIm.Api -- ", output);
    }

    [TestMethod]
    [DataRow("backup", "--to")]
    [DataRow("restore", "--from")]
    public async Task Commands_OnMySql_SayWhatToUse(string command, string option)
    {
        var (exitCode, output) = await ServerProcess.RunCommandAsync(
            command, option, Backup(0), "--Database:Provider=MySql", "--Database:ConnectionString=Server=nowhere");
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains("mariadb-dump --single-transaction", output);
        Assert.Contains("docs/backup.md", output);
        Assert.IsTrue(File.Exists(Path.Combine(TestMachine.RepositoryPath, "docs", "backup.md")));
    }

    [TestMethod]
    public async Task Backup_OfADatabaseElsewhere_IsRestoredToWhereTheSettingsSay()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        var setting = $"--Database:ConnectionString=Data Source={elsewhere}/chat.db";
        await using (await ServerProcess.StartAsync(Data, 0, setting))
        {
            await SucceedsAsync("backup", "--to", Backup(0), $"--Data:Path={Data}", setting);
        }

        await FailsAsync($"SampleIm cannot restore. The data folder '{_folder}/new' is not empty: '{elsewhere}/chat.db' is "
            + "there. Move it away, or restore into another folder with --Data:Path=….",
            "restore", "--from", Backup(0), $"--Data:Path={_folder}/new", setting);
        foreach (var file in Directory.GetFiles(elsewhere, "chat.db*"))
        {
            File.Delete(file);
        }

        await SucceedsAsync("restore", "--from", Backup(0), $"--Data:Path={_folder}/new", setting);
        await using var again = await ServerProcess.StartAsync($"{_folder}/new", 0, setting);
        await FailsAsync("", "restore", "--from", Backup(0), $"--Data:Path={_folder}/other", setting);
        using var client = new HttpClient();
        Assert.AreEqual(HttpStatusCode.OK, (await client.GetAsync(new Uri(again.Address, "/health/ready"))).StatusCode);
    }

    internal static async Task<string> SucceedsAsync(params string[] arguments)
    {
        var (exitCode, output) = await ServerProcess.RunCommandAsync(arguments);
        Assert.AreEqual(0, exitCode, output);
        return output;
    }

    internal static async Task FailsAsync(string line, params string[] arguments)
    {
        var (exitCode, output) = await ServerProcess.RunCommandAsync(arguments);
        Assert.AreEqual(1, exitCode, output);
        var printed = output.Trim().Split('\n')
            .Single(printed => printed.StartsWith("SampleIm cannot ", StringComparison.Ordinal));
        Assert.StartsWith(line, printed);
        Assert.DoesNotContain("   at ", output);
    }

    /// <summary>Every file of a folder and its bytes.</summary>
    internal static List<string> Contents(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(
            file =>
                $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(
                    System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];

    private static string Names(string folder) =>
        string.Join('|', Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private string Backup(int number) => Path.Combine(_folder, $"backup{number}");

    /// <summary>One user, a text and a picture.</summary>
    private async Task FillAsync()
    {
        await using var app = new SampleImApp(dataPath: Data);
        var alice = await app.RegisterAsync("alice");
        await alice.SendAsync("lobby", "hello");
        var picture = await alice.UploadPictureAsync();
        (await alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id })).ShouldBe(201);
    }
}
