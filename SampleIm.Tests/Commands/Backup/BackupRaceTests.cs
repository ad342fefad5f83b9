using System.Diagnostics;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Backup;

/// <summary>
/// What may happen between the steps of a backup. A picture's file that was put out of the way for a pipe makes the backup
/// wait at that picture for as long as the test likes.
/// </summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class BackupRaceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private string _folder = "";

    private string Data => Path.Combine(_folder, "data");

    private string Target => Path.Combine(_folder, "backup");

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task APictureThatIsRecalledAfterTheSnapshot_BeforeItWasCopied_MakesANewSnapshot()
    {
        await using var app = new SampleImApp(dataPath: Data);
        var alice = await app.RegisterAsync("alice");
        var first = await ShowPictureAsync(alice);
        await using var held = await HoldAsync(first);
        await using var backup = BeginBackup();
        await held.UntilReachedAsync();

        // The pictures that were there are being copied; the snapshot comes next, and knows these two.
        var second = await ShowPictureAsync(alice);
        await ShowPictureAsync(alice);
        await using (var heldAgain = await HoldAsync(second))
        {
            await held.LetGoAsync();
            await heldAgain.UntilReachedAsync();
            (await alice.DeleteAsync("/api/conversations/lobby/messages/3")).ShouldBe(204);
            await heldAgain.LetGoAsync();
        }

        var (exitCode, output) = await backup.WaitForEndAsync(s_patience);
        Assert.AreEqual(0, exitCode, output);
        Assert.HasCount(3, output.Split("copying the database"), "The first snapshot and the second one.");
        CollectionAssert.AreEquivalent(
            new[] { first, second }, Directory.GetFiles(Path.Combine(Target, "images")).Select(Path.GetFileName).ToList());
        await BackupTests.SucceedsAsync("restore", "--from", Target, $"--Data:Path={_folder}/restored");
    }

    [TestMethod]
    public async Task APictureThatIsRecalledAfterItWasCopied_LeavesTheBackup()
    {
        await using var app = new SampleImApp(dataPath: Data);
        var alice = await app.RegisterAsync("alice");
        await ShowPictureAsync(alice);
        var second = await ShowPictureAsync(alice);
        await using var held = await HoldAsync(second);
        await using var backup = BeginBackup();
        await held.UntilReachedAsync();
        (await alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        await held.LetGoAsync();

        var (exitCode, output) = await backup.WaitForEndAsync(s_patience);
        Assert.AreEqual(0, exitCode, output);
        CollectionAssert.AreEqual(
            new[] { second }, Directory.GetFiles(Path.Combine(Target, "images")).Select(Path.GetFileName).ToList());
    }

    [TestMethod]
    public async Task ABackupThatWasKilled_IsNeverTakenForOne_AndTheNextOneGoesThrough()
    {
        await using var app = new SampleImApp(dataPath: Data);
        var alice = await app.RegisterAsync("alice");
        var picture = await ShowPictureAsync(alice);
        await using (var held = await HoldAsync(picture))
        {
            await using (var backup = BeginBackup())
            {
                await held.UntilReachedAsync();
                await BackupTests.FailsAsync("SampleIm cannot back up. --to: ", "backup", "--to", Target, $"--Data:Path={Data}");
                await backup.KillAsync();
            }

            Assert.IsFalse(Path.Exists(Target));
            await BackupTests.FailsAsync($"SampleIm cannot restore. '{Target}.unfinished' is no backup: it has no manifest.json.",
                "restore", "--from", Target + ".unfinished", $"--Data:Path={_folder}/restored");
            held.PutBack();
        }

        await BackupTests.SucceedsAsync("backup", "--to", Target, $"--Data:Path={Data}");
        Assert.IsFalse(Path.Exists(Target + ".unfinished"));
    }

    private ServerProcess BeginBackup() => ServerProcess.BeginCommand("backup", "--to", Target, $"--Data:Path={Data}");

    private static async Task<string> ShowPictureAsync(ApiUser user)
    {
        var picture = await user.UploadPictureAsync();
        (await user.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id })).ShouldBe(201);
        return picture.Id;
    }

    private Task<HeldPicture> HoldAsync(string id) => HeldPicture.HoldAsync(Path.Combine(Data, "images", id));

    /// <summary>A pipe in place of a picture's file: anyone who reads it waits for its bytes.</summary>
    private sealed class HeldPicture : IAsyncDisposable
    {
        private readonly string _path;
        private readonly byte[] _bytes;
        private readonly Task<FileStream> _opening;

        private HeldPicture(string path, byte[] bytes)
        {
            (_path, _bytes) = (path, bytes);
            // Opens when somebody reads.
            _opening = Task.Factory.StartNew(
                () =>
                    new FileStream(
                        path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite,
                        bufferSize: 0), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public static async Task<HeldPicture> HoldAsync(string path)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            File.Delete(path);
            using var make = Process.Start("mkfifo", [path]);
            await make.WaitForExitAsync();
            Assert.AreEqual(0, make.ExitCode);
            return new HeldPicture(path, bytes);
        }

        public async Task UntilReachedAsync() => await _opening.WaitAsync(s_patience);

        /// <summary>The reader gets its bytes, and later ones find the file.</summary>
        public async Task LetGoAsync()
        {
            PutBack();
            await using var pipe = await _opening;
            await pipe.WriteAsync(_bytes);
        }

        public void PutBack()
        {
            File.Delete(_path);
            File.WriteAllBytes(_path, _bytes);
        }

        public async ValueTask DisposeAsync()
        {
            if (_opening.IsCompletedSuccessfully)
            {
                await (await _opening).DisposeAsync();
            }
        }
    }
}
