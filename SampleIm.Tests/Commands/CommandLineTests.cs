using SampleIm.Tests.Running;


namespace SampleIm.Tests.Commands;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class CommandLineTests
{
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("SampleIm, a chat", "--help")]
    [DataRow("SampleIm, a chat", "-h")]
    [DataRow("--to FOLDER", "backup", "--help")]
    [DataRow("Ends with 0 where all was restored", "restore", "--help")]
    [DataRow("--from-provider PROVIDER --from CONNECTION", "move", "--help")]
    public async Task Help_IsShownAndNothingStarts(string line, params string[] arguments)
    {
        var (exitCode, output) = await ServerProcess.RunCommandAsync(arguments);
        Assert.AreEqual(0, exitCode, output);
        Assert.Contains(line, output);
    }

    [TestMethod]
    [DataRow("SampleIm ", "--version")]
    [DataRow("SampleIm, a chat", "--help")]
    public async Task AQuestion_IsAnsweredAmongSettings_AndMakesNoFolder(string line, string question)
    {
        var data = Path.Combine(_folder, "data");
        var (exitCode, output) = await ServerProcess.RunCommandAsync($"--Data:Path={data}", question);
        Assert.AreEqual(0, exitCode, output);
        Assert.StartsWith(line, output.Trim());
        Assert.IsFalse(Path.Exists(data));
    }

    [TestMethod]
    public async Task AWordThatIsNoCommand_IsRefused_AndNoServerStarts()
    {
        var data = Path.Combine(_folder, "data");
        var (exitCode, output) = await ServerProcess.RunCommandAsync("bakcup", "--to", "x", $"--Data:Path={data}");
        Assert.AreEqual(2, exitCode, output);
        StringAssert.StartsWith(output.TrimStart(), "There is no command 'bakcup'.");
        Assert.IsFalse(Directory.Exists(data));
    }

    [TestMethod]
    public async Task AServerThatIsStoppedWhileItStarts_SaysNothingOfAFault()
    {
        for (var afterMs = 200; afterMs <= 1200; afterMs += 200)
        {
            await using var server = ServerProcess.BeginCommand($"--Data:Path={_folder}", "--Urls=http://127.0.0.1:0");
            await Task.Delay(afterMs);
            server.Terminate();
            var (_, output) = await server.WaitForEndAsync(TimeSpan.FromMinutes(1));
            Assert.DoesNotContain("   at ", output);
            Assert.DoesNotContain("cannot start", output);
        }
    }
}
