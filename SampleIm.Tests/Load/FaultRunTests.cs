using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using SampleIm.Load.Commands;
using SampleIm.Load.Faults;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

/// <summary>The server, and the database under it, killed in earnest.</summary>
[TestClass]
public sealed class FaultRunTests
{
    private readonly string _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Server_KilledTwentyTimes_LosesNothing()
    {
        var (exitCode, output, figures) = await RunAsync("--kills", "20", "--longest-load", "300");
        Assert.AreEqual(0, exitCode, output);
        Assert.AreEqual(20, figures.GetProperty("kills").GetInt32());
        Assert.IsGreaterThan(
            10, figures.GetProperty("killsWithSendsInFlight").GetInt32(), "Else it was not killed where it hurts.");
        Assert.IsGreaterThan(20, figures.GetProperty("acknowledged").GetInt64());
        Assert.IsGreaterThan(1, figures.GetProperty("conversations").GetInt32());
        Assert.IsGreaterThan(
            figures.GetProperty("acknowledged").GetInt64(), figures.GetProperty("messagesRead").GetInt64(),
            "Each of four readers gets the lobby.");
        Assert.IsGreaterThan(0, figures.GetProperty("cookiesChecked").GetInt32());
    }

    [TestMethod]
    [TestCategory(TestDatabase.MySqlOnly)]
    public async Task MariaDb_KilledTwentyTimes_LosesNothing()
    {
        if (!OwnMariaDb.IsInstalled)
        {
            TestMachine.Lacks("MariaDB");
        }

        var (exitCode, output, figures) = await RunAsync("--database", "mariadb", "--kills", "20", "--longest-load", "300");
        Assert.AreEqual(0, exitCode, output);
        Assert.AreEqual(20, figures.GetProperty("kills").GetInt32());
        Assert.IsGreaterThan(0, figures.GetProperty("killsWithSendsInFlight").GetInt32());
        Assert.AreEqual("MariaDB", figures.GetProperty("killed").GetString());
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    [DataRow("DELETE FROM messages WHERE seq = 3", "3 was acknowledged and is not there")]
    [DataRow("UPDATE messages SET text = 'another' WHERE seq = 3", "3 has the text 'another', acknowledged was")]
    public async Task Server_ThatDamagesAMessageAfterItWasAcknowledged_IsFoundOut(string damage, string fault)
    {
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            await server.KillAsync();
        }

        // Batches later, so after it was acknowledged; and early enough for a machine that gets no further.
        await SqliteFile.ExecuteAsync(_folder, $"""
            CREATE TRIGGER damage AFTER INSERT ON messages
            WHEN NEW.seq = 30 AND NEW.conversation_id = (SELECT id FROM conversations WHERE slug = 'lobby') BEGIN {damage}; END
            """);

        var (exitCode, output, figures) = await RunAsync("--kills", "2", "--longest-load", "1500");
        Assert.AreEqual(1, exitCode, output);
        StringAssert.Contains(figures.GetProperty("auditFaults").ToString(), $"lobby: {fault}");
        StringAssert.Contains(output, $"lobby: {fault}");
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Run_ThatIsInterrupted_LeavesNeitherProcessNorFolder()
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(LoadCommand).Assembly.Location, "faults", "--program", TestMachine.ProgramPath, "--kills", "10000"])
        {
            RedirectStandardOutput = true,
            Environment = { ["TMPDIR"] = _folder },
        };
        using var run = Process.Start(start)!;
        try
        {
            for (var line = ""; !line.Contains("read along", StringComparison.Ordinal);)
            {
                line = await run.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
                    ?? throw new InvalidOperationException("It ended.");
            }

            using (var interrupt = Process.Start("kill", ["-INT", $"{run.Id}"]))
            {
                await interrupt.WaitForExitAsync();
            }

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await run.WaitForExitAsync(patience.Token);
            Assert.AreEqual(1, run.ExitCode);
        }
        finally
        {
            run.Kill();
        }

        Assert.IsEmpty(Directory.GetDirectories(_folder, "sampleim-faults-*"));
        // The data folder, which is this run's alone, is in the command line of its server.
        var readable = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };
        Assert.IsFalse(Directory.EnumerateFiles("/proc", "cmdline", readable)
            .Any(file => TryRead(file).Contains($"--Data:Path={_folder}", StringComparison.Ordinal)));
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    [DataRow("There is no server at", "--program", "/no/such/SampleIm.Api.dll")]
    [DataRow("--kills takes a number from 0 to 10000, and not '-1'", "--kills", "-1")]
    [DataRow("--readers: each of them is a sender as well", "--senders", "2", "--readers", "3")]
    [DataRow("oracle", "--database", "oracle")]
    public async Task Argument_ThatMakesNoSense_IsNamed(string fault, params string[] arguments)
    {
        var (exitCode, output, _) = await RunAsync(arguments);
        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(output, fault);
    }

    /// <summary>Runs the command in this process, over the folder of the test.</summary>
    private async Task<(int ExitCode, string Output, JsonElement Figures)> RunAsync(params string[] arguments)
    {
        var json = Path.Combine(_folder, "figures.json");
        using var output = new StringWriter();
        List<string> words = ["faults", "--data", _folder, "--json", json, .. arguments];
        if (!arguments.Contains("--program"))
        {
            words.AddRange(["--program", TestMachine.ProgramPath]);
        }

        var exitCode = await LoadCommand.Create().Parse(words)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (
            exitCode, output.ToString(),
            File.Exists(json) ? JsonDocument.Parse(await File.ReadAllTextAsync(json)).RootElement : default);
    }

    private static string TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
