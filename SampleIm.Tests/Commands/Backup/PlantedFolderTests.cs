using System.Diagnostics;
using System.Runtime.Versioning;
using SampleIm.Api.Storage.Disk;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Backup;

/// <summary>Somebody else on the machine has put something where a command is about to write.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
[UnsupportedOSPlatform("windows")]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PlantedFolderTests
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly UnixFileMode s_own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string _folder = "";

    private string Data => Path.Combine(_folder, "data");

    private string Backup => Path.Combine(_folder, "backup");

    private string Unfinished => Backup + ".unfinished";

    private string Elsewhere => Path.Combine(_folder, "elsewhere");

    private string Restored => Path.Combine(_folder, "restored");

    [TestInitialize]
    public async Task MakeData()
    {
        _folder = TestMachine.MakeFolder();
        Directory.CreateDirectory(Elsewhere);
        await using var app = new SampleImApp(dataPath: Data);
        await (await app.RegisterAsync("alice")).SendAsync("lobby", "hello");
    }

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Backup_ThroughALink_IsRefused()
    {
        Directory.CreateSymbolicLink(Unfinished, Elsewhere);
        await BackUpFailsAsync($"--to: '{Unfinished}' is a link");
        Directory.Delete(Unfinished);
        // One that leads nowhere yet.
        File.CreateSymbolicLink(Unfinished, Path.Combine(_folder, "later"));
        await BackUpFailsAsync($"--to: '{Unfinished}' is a link");
        File.Delete(Unfinished);
        Directory.CreateSymbolicLink(Backup, Elsewhere);
        await BackUpFailsAsync($"--to: '{Backup}' is a link");
        Assert.IsFalse(Path.Exists(Path.Combine(_folder, "later")));
    }

    [TestMethod]
    public async Task Backup_IntoAFolderThatOthersCanEnter_IsRefused()
    {
        Directory.CreateDirectory(Unfinished, ForAll);
        File.SetUnixFileMode(Unfinished, ForAll);
        await BackUpFailsAsync($"--to: Others can write into the folder '{Unfinished}', or look into it.");
        File.SetUnixFileMode(
            Unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        await BackUpFailsAsync($"--to: Others can write into the folder '{Unfinished}', or look into it.");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Unfinished));
    }

    [TestMethod]
    public async Task Backup_IntoSomebodyElsesFolder_IsRefused()
    {
        MakeForeign(Unfinished);
        await BackUpFailsAsync($"--to: The folder '{Unfinished}' belongs to somebody else.");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Unfinished));
    }

    [TestMethod]
    public async Task Backup_AfterOneThatWasInterrupted_TakesItsFolder()
    {
        var own = Directory.CreateDirectory(
            Unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(own.FullName, "sampleim.db"), "half of it");
        await BackupTests.SucceedsAsync("backup", "--to", Backup, $"--Data:Path={Data}");
        Assert.IsFalse(Path.Exists(Unfinished));
    }

    [TestMethod]
    public async Task Restore_IntoWhatSomebodyElseHasPutThere_IsRefused()
    {
        await BackupTests.SucceedsAsync("backup", "--to", Backup, $"--Data:Path={Data}");
        Directory.CreateSymbolicLink(Restored, Elsewhere);
        await RestoreFailsAsync($"'{Restored}' is a link");
        Directory.Delete(Restored);
        Directory.CreateDirectory(Restored);
        File.SetUnixFileMode(Restored, ForAll);
        await RestoreFailsAsync($"Others can write into the folder '{Restored}'");
        File.SetUnixFileMode(Restored, ForAll & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        Directory.CreateSymbolicLink(Path.Combine(Restored, "keys"), Elsewhere);
        await RestoreFailsAsync($"'{Path.Combine(Restored, "keys")}' is a link");
        Directory.Delete(Path.Combine(Restored, "keys"));
        // Left by the try before.
        File.Delete(SqliteFile.In(Restored) + ".lock");
        File.CreateSymbolicLink(SqliteFile.In(Restored) + ".lock", Path.Combine(Elsewhere, "lock"));
        await RestoreFailsAsync($"The folder of the database cannot be written: '{SqliteFile.In(Restored)}.lock' is a link");
        File.Delete(SqliteFile.In(Restored) + ".lock");
        // An empty folder that its owner made, and others may look into, is as good as a new one.
        await BackupTests.SucceedsAsync("restore", "--from", Backup, $"--Data:Path={Restored}");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Elsewhere));
    }

    [TestMethod]
    public async Task Restore_OfTheDatabaseThroughALink_IsRefused()
    {
        await BackupTests.SucceedsAsync("backup", "--to", Backup, $"--Data:Path={Data}");
        var link = Path.Combine(_folder, "databases");
        Directory.CreateSymbolicLink(link, Elsewhere);
        await BackupTests.FailsAsync($"SampleIm cannot restore. '{link}' is a link", "restore", "--from", Backup,
            $"--Data:Path={Restored}", $"--Database:ConnectionString=Data Source={Path.Combine(link, "chat.db")}");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Elsewhere));
    }

    [TestMethod]
    public async Task Restore_IntoSomebodyElsesFolder_IsRefused()
    {
        await BackupTests.SucceedsAsync("backup", "--to", Backup, $"--Data:Path={Data}");
        MakeForeign(Restored);
        await RestoreFailsAsync($"The folder '{Restored}' belongs to somebody else.");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Restored));
    }

    [TestMethod]
    [DataRow(1000u, 1000u, 1000u, "775", true)]
    [DataRow(1000u, 0u, 0u, "755", true)]
    [DataRow(1000u, 0u, 0u, "1777", true)]
    [DataRow(1000u, 1000u, 1000u, "777", false)]
    [DataRow(1000u, 1000u, 100u, "775", false)]
    [DataRow(1000u, 0u, 0u, "775", false)]
    [DataRow(0u, 0u, 0u, "775", false)]
    [DataRow(1000u, 1001u, 1000u, "755", false)]
    public void Folder_KeepsWhatIsWithin_WhereNobodyElseCanRename(uint user, uint owner, uint group, string mode, bool isKept) =>
        Assert.AreEqual(isKept, UnixFolder.KeepsWhatIsWithin(user, owner, group, (UnixFileMode)Convert.ToInt32(mode, 8)));

    /// <summary>Anyone who can write into the folder above can put another folder in the place of the new one.</summary>
    [TestMethod]
    public async Task Commands_InAFolderWhereOthersCanRename_AreRefused()
    {
        await BackupTests.SucceedsAsync("backup", "--to", Backup, $"--Data:Path={Data}");
        // A group that has the user's own number is nobody else; root's is not that.
        UnixFileMode[] ofGroup = Environment.IsPrivilegedProcess ? [UnixFileMode.GroupWrite] : [];
        foreach (var rights in ofGroup.Append(UnixFileMode.OtherWrite))
        {
            File.SetUnixFileMode(Elsewhere, s_own | rights);
            await FailWithinAsync(Elsewhere, Elsewhere);
            await FailWithinAsync(Path.Combine(Elsewhere, "new"), Elsewhere);
        }

        // Where a link leads is what counts.
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, Elsewhere);
        await FailWithinAsync(link, link);
        // As /tmp is: others rename what is theirs only.
        File.SetUnixFileMode(Elsewhere, ForAll | UnixFileMode.StickyBit);
        foreach (var parent in new[] { Elsewhere, link, Path.Combine(Elsewhere, "new") })
        {
            await BackupTests.SucceedsAsync("backup", "--to", Path.Combine(parent, "b"), $"--Data:Path={Data}");
            await BackupTests.SucceedsAsync("restore", "--from", Backup, $"--Data:Path={Path.Combine(parent, "r")}");
            Directory.Delete(Path.Combine(parent, "b"), recursive: true);
            Directory.Delete(Path.Combine(parent, "r"), recursive: true);
        }
    }

    [TestMethod]
    public async Task Commands_InSomebodyElsesFolder_AreRefused()
    {
        await BackupTests.SucceedsAsync("backup", "--to", Backup, $"--Data:Path={Data}");
        var foreign = Path.Combine(_folder, "foreign");
        MakeForeign(foreign);
        await FailWithinAsync(foreign, foreign);
        File.SetUnixFileMode(foreign, ForAll | UnixFileMode.StickyBit);
        await FailWithinAsync(foreign, foreign);
        Assert.IsEmpty(Directory.GetFileSystemEntries(foreign));
    }

    private async Task FailWithinAsync(string parent, string named)
    {
        var line = $"Somebody else could replace what is in the folder '{named}': ";
        await BackupTests.FailsAsync(
            $"SampleIm cannot back up. --to: {line}", "backup", "--to", Path.Combine(parent, "b"), $"--Data:Path={Data}");
        await BackupTests.FailsAsync(
            $"SampleIm cannot restore. {line}", "restore", "--from", Backup, $"--Data:Path={Path.Combine(parent, "r")}");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Elsewhere));
    }

    private async Task BackUpFailsAsync(string line)
    {
        await BackupTests.FailsAsync($"SampleIm cannot back up. {line}", "backup", "--to", Backup, $"--Data:Path={Data}");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Elsewhere));
    }

    private async Task RestoreFailsAsync(string line)
    {
        await BackupTests.FailsAsync($"SampleIm cannot restore. {line}", "restore", "--from", Backup, $"--Data:Path={Restored}");
        Assert.IsEmpty(Directory.GetFileSystemEntries(Elsewhere));
    }

    /// <summary>As somebody else would have made it for us to fill; only root can give it away.</summary>
    private static void MakeForeign(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            TestMachine.Lacks("The right to give a folder to another user");
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var give = Process.Start("chown", ["65534", folder]);
        give.WaitForExit();
        Assert.AreEqual(0, give.ExitCode);
    }
}
