using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Backup;

/// <summary>What happens to a backup between the day it is made and the day it is needed.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class DamagedBackupTests
{
    private static string s_whole = "";

    private string _folder = "";

    private string Backup => Path.Combine(_folder, "backup");

    private string Data => Path.Combine(_folder, "data");

    private string Manifest => Path.Combine(Backup, "manifest.json");

    private string Database => Path.Combine(Backup, "sampleim.db");

    private string Picture => Directory.GetFiles(Path.Combine(Backup, "images"))[0];

    private string Key => Directory.GetFiles(Path.Combine(Backup, "keys"))[0];

    [ClassInitialize]
    public static async Task MakeBackup(TestContext _)
    {
        s_whole = TestMachine.MakeFolder();
        await using var app = new SampleImApp();
        var alice = await app.RegisterAsync("alice");
        for (var number = 0; number < 2; number++)
        {
            var picture = await alice.UploadPictureAsync();
            (await alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id })).ShouldBe(201);
            await alice.SendAsync("lobby", "hello");
        }

        await BackupTests.SucceedsAsync("backup", "--to", Path.Combine(s_whole, "backup"), $"--Data:Path={app.DataPath}");
    }

    [ClassCleanup]
    public static void RemoveBackup() => Directory.Delete(s_whole, recursive: true);

    [TestInitialize]
    public void CopyBackup()
    {
        _folder = TestMachine.MakeFolder();
        foreach (var file in Directory.GetFiles(s_whole, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(s_whole, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task AWholeBackup_IsRestored()
    {
        // The premise of all others.
        await BackupTests.SucceedsAsync("restore", "--from", Backup, $"--Data:Path={Data}");
        await using var server = await ServerProcess.StartAsync(Data);
    }

    [TestMethod]
    public async Task ABackupWhoseKeysWereTakenOut_IsRestored()
    {
        await ChangeManifestAsync(manifest => manifest["keys"]!.AsArray().Clear());
        Directory.Delete(Path.Combine(Backup, "keys"), recursive: true);
        await BackupTests.SucceedsAsync("restore", "--from", Backup, $"--Data:Path={Data}");
        await using var server = await ServerProcess.StartAsync(Data);
        Assert.Contains("There are no sign-in keys in ", server.Output);
    }

    [TestMethod]
    public async Task AByteOfTheDatabase_ThatIsAnother_IsFound()
    {
        Flip(Database);
        await RefusesAsync($"The backup is damaged: '{Database}' is not what was backed up.");
    }

    [TestMethod]
    public async Task AByteOfAPicture_ThatIsAnother_IsFound()
    {
        var picture = Picture;
        Flip(picture);
        await RefusesAsync($"The backup is damaged: '{picture}' is not what was backed up.");
    }

    [TestMethod]
    public async Task AByteOfAKey_ThatIsAnother_IsFound()
    {
        var key = Key;
        Flip(key);
        await RefusesAsync($"The backup is damaged: '{key}' is not what was backed up.");
    }

    [TestMethod]
    public async Task AMissingPicture_IsFound()
    {
        var picture = Picture;
        File.Delete(picture);
        await RefusesAsync($"The backup is damaged: '{picture}' is missing.");
    }

    [TestMethod]
    public async Task AMissingDatabase_IsFound()
    {
        File.Delete(Database);
        await RefusesAsync($"The backup is damaged: '{Database}' is missing.");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(100)]
    public async Task AManifestThatIsCutOff_IsFound(int length)
    {
        await File.WriteAllTextAsync(Manifest, (await File.ReadAllTextAsync(Manifest))[..length]);
        await RefusesAsync("manifest.json of the backup is damaged");
    }

    [TestMethod]
    public async Task AMissingManifest_IsNoBackup()
    {
        File.Delete(Manifest);
        await RefusesAsync($"'{Backup}' is no backup: it has no manifest.json.");
        Directory.Delete(Backup, recursive: true);
        await RefusesAsync($"'{Backup}' is no backup: it has no manifest.json.");
    }

    [TestMethod]
    [DataRow("images", "manifest.json of the backup is damaged")]
    [DataRow("database", "manifest.json of the backup is damaged")]
    [DataRow("rows", "manifest.json of the backup is damaged")]
    public async Task AManifestThatLacksAPart_IsFound(string part, string line)
    {
        await ChangeManifestAsync(manifest => manifest.Remove(part));
        await RefusesAsync(line);
    }

    [TestMethod]
    public async Task AManifestThatForgetsAPicture_IsFound()
    {
        await ChangeManifestAsync(manifest => manifest["images"]!.AsArray().RemoveAt(0));
        await RefusesAsync("The backup is damaged: the database knows other images than manifest.json.");
    }

    [TestMethod]
    public async Task AManifestWithOtherNumbers_IsFound()
    {
        await ChangeManifestAsync(manifest => manifest["rows"]!["messages"] = 5);
        await RefusesAsync("The backup is damaged: the database has other numbers of rows than manifest.json says.");
    }

    [TestMethod]
    [DataRow("../../outside")]
    [DataRow("/etc/outside")]
    [DataRow("..")]
    public async Task AManifestThatNamesAFileElsewhere_IsRefused(string name)
    {
        await ChangeManifestAsync(manifest => manifest["keys"]![0]!["name"] = name);
        await RefusesAsync("manifest.json of the backup is damaged.");
    }

    [TestMethod]
    public async Task AManifestOfANewerVersion_IsRefused()
    {
        await ChangeManifestAsync(manifest => manifest["format"] = 2);
        await RefusesAsync(
            "The backup was made by a newer version of this program: manifest.json has format 2. Use the newer version.");
    }

    [TestMethod]
    public async Task ADatabaseOfANewerVersion_IsRefused()
    {
        await ChangeDatabaseAsync("INSERT INTO schema_files (name, hash, applied_at) VALUES ('9999_future.sql', 'x', 0)");
        await RefusesAsync(
            "The database is newer than this program: it holds the schema file 9999_future.sql. Run the newer version.");
    }

    [TestMethod]
    [DataRow("DELETE FROM messages WHERE seq = 2", "the numbers of the messages of conversation 1 have a gap")]
    [DataRow("UPDATE conversations SET last_seq = last_seq + 1", "the numbers of the messages of conversation 1 have a gap")]
    [DataRow("UPDATE messages SET sender_id = 99 WHERE seq = 2", "a row refers to one that is not there")]
    public async Task ADatabaseThatDoesNotHoldTogether_IsRefused(string statement, string fault)
    {
        await ChangeDatabaseAsync(statement);
        await RefusesAsync($"The database '{Database}' is damaged: {fault}.");
    }

    [TestMethod]
    public async Task AFolderThatIsInUse_IsLeftAsItIs()
    {
        await using var server = await ServerProcess.StartAsync(Data);
        var before = Directory.GetFileSystemEntries(Data, "*", SearchOption.AllDirectories).Order().ToList();
        await BackupTests.FailsAsync(
            $"SampleIm cannot restore. The data folder '{Data}' is not empty: '{SqliteFile.In(Data)}", "restore", "--from",
            Backup, $"--Data:Path={Data}");
        CollectionAssert.AreEqual(
            before, Directory.GetFileSystemEntries(Data, "*", SearchOption.AllDirectories).Order().ToList());
        using var client = new HttpClient();
        Assert.Contains("ready", await client.GetStringAsync(new Uri(server.Address, "/health/ready")));
    }

    [TestMethod]
    public async Task ARestoreThatWasInterrupted_KeepsServersAway_UntilItIsRunAgain()
    {
        // As it is where the power went off before the database was copied.
        Directory.CreateDirectory(Path.Combine(Data, "images"));
        await File.WriteAllTextAsync(Path.Combine(Data, "unfinished-restore"), SqliteFile.In(Data));
        await File.WriteAllTextAsync(Path.Combine(Data, "images", Path.GetFileName(Picture)), "half of");
        var (exitCode, output) = await ServerProcess.RunAsync(Data);
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains($"SampleIm cannot start. A restore into '{Data}' is not finished. Run it again, to its end.", output);
        Assert.IsFalse(File.Exists(SqliteFile.In(Data)));

        await BackupTests.SucceedsAsync("restore", "--from", Backup, $"--Data:Path={Data}");
        await using var server = await ServerProcess.StartAsync(Data);
    }

    [TestMethod]
    public async Task ARestoreThatWasInterrupted_IsNoLeaveToClearAnotherDatabase()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "unfinished-restore"), SqliteFile.In(Data));
        var other = Path.Combine(_folder, "other.db");
        await File.WriteAllTextAsync(other, "somebody's");
        await BackupTests.FailsAsync($"SampleIm cannot restore. The data folder '{Data}' is not empty: '{other}' is there.",
            "restore", "--from", Backup, $"--Data:Path={Data}", $"--Database:ConnectionString=Data Source={other}");
        Assert.AreEqual("somebody's", await File.ReadAllTextAsync(other));
    }

    [TestMethod]
    public async Task ADiskThatIsTooSmall_IsLeftEmpty()
    {
        await using var disk = await SmallDisk.MountAsync(Data, 64 * 1024);
        await using var restore = ServerProcess.BeginCommandOn(disk, "restore", "--from", Backup, $"--Data:Path={Data}");
        var (exitCode, output) = await restore.WaitForEndAsync(TimeSpan.FromSeconds(60));
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains("SampleIm cannot restore. No space left on device", output);
        Assert.AreEqual(
            "sampleim.db.lock",
            string.Join('|', Directory.GetFiles(disk.OutsidePath, "*", SearchOption.AllDirectories).Select(Path.GetFileName)));
    }

    [TestMethod]
    [DataRow("a\0b", DisplayName = "with NUL")]
    [DataRow("a\nb", DisplayName = "with the end of a line")]
    [DataRow("a/b", DisplayName = "in a folder")]
    [DataRow("a\\b", DisplayName = "in a folder of Windows")]
    [DataRow("C:b", DisplayName = "on a drive of Windows")]
    [DataRow("/etc/passwd", DisplayName = "absolute")]
    [DataRow("..", DisplayName = "the folder above")]
    [DataRow("../../x", DisplayName = "further above")]
    [DataRow(".", DisplayName = "the folder itself")]
    [DataRow("", DisplayName = "none")]
    public async Task AManifestThatNamesNoPlainFile_IsDamaged(string name)
    {
        foreach (var part in new Func<JsonObject, JsonNode>[]
            {
                manifest => manifest["images"]![0]!, manifest => manifest["keys"]![0]!, manifest => manifest["database"]!,
            })
        {
            var before = await File.ReadAllTextAsync(Manifest);
            await ChangeManifestAsync(manifest => part(manifest)["name"] = name);
            await RefusesAsync("manifest.json of the backup is damaged.");
            await File.WriteAllTextAsync(Manifest, before);
        }
    }

    [TestMethod]
    public async Task AManifestThatNamesNothing_OrAFileOfALongName_IsDamaged()
    {
        var before = await File.ReadAllTextAsync(Manifest);
        await ChangeManifestAsync(manifest => manifest["images"]![0] = null);
        await RefusesAsync("manifest.json of the backup is damaged.");
        await File.WriteAllTextAsync(Manifest, before);
        foreach (var name in new[] { new string('x', 256), new string('é', 128), new string('图', 86) })
        {
            await ChangeManifestAsync(manifest => manifest["images"]![0]!["name"] = name);
            await RefusesAsync("manifest.json of the backup is damaged.");
        }

        // The longest that there can be is a name, and its file is missed.
        var longest = new string('图', 85);
        await ChangeManifestAsync(manifest => manifest["images"]![0]!["name"] = longest);
        await RefusesAsync($"The backup is damaged: '{Path.Combine(Backup, "images", longest)}' is missing.");
    }

    private async Task RefusesAsync(string line)
    {
        await BackupTests.FailsAsync($"SampleIm cannot restore. {line}", "restore", "--from", Backup, $"--Data:Path={Data}");
        Assert.IsFalse(Path.Exists(Data), "The target is left as it was.");
    }

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private async Task ChangeManifestAsync(Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Manifest))!.AsObject();
        change(manifest);
        await File.WriteAllTextAsync(Manifest, manifest.ToJsonString());
    }

    /// <summary>With a manifest that agrees, so that only a look at the content can tell.</summary>
    private async Task ChangeDatabaseAsync(string statement)
    {
        Dictionary<string, long> rows = [];
        await using (var database = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await database.ExecuteAsync($"PRAGMA foreign_keys = OFF; {statement}");
            foreach (var table in new[] { "messages", "schema_files" })
            {
                rows.Add(table, await database.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}"));
            }
        }

        var bytes = await File.ReadAllBytesAsync(Database);
        await ChangeManifestAsync(manifest =>
        {
            manifest["database"]!["size"] = bytes.Length;
            manifest["database"]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
            foreach (var (table, count) in rows)
            {
                manifest["rows"]![table] = count;
            }
        });
    }
}
