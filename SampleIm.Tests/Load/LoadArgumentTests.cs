using SampleIm.Tests.Running;


namespace SampleIm.Tests.Load;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class LoadArgumentTests
{
    [TestMethod]
    [DataRow("--users takes a number from 1 to 100000, and not '0'", "poll", "--users", "0")]
    [DataRow("--users takes a number from 1 to 100000, and not 'many'", "poll", "--users", "many")]
    [DataRow("--seconds takes a number from 1 to 600, and not '601'", "poll", "--seconds", "601")]
    [DataRow("--senders takes a number from 1 to 1000, and not '2000'", "send", "--senders", "1", "2000")]
    [DataRow("--rate takes a number", "send", "--rate", "-1")]
    [DataRow("is not this machine", "poll", "--server", "http://example.org")]
    [DataRow("is not this machine", "send", "--server", "http://192.0.2.1:5080")]
    [DataRow("--server takes an address", "chat", "--server", "here")]
    [DataRow("--server takes http", "limit", "--server", "https://localhost:5080")]
    [DataRow("--server takes http", "limit", "--server", "http://localhost:5080/chat")]
    [DataRow("--json: there is no folder", "poll", "--json", "/no/such/folder/figures.json")]
    [DataRow("a run takes 600 s at most", "limit", "--rounds", "50", "--seconds", "60")]
    [DataRow("do not go together", "poll", "--bare", "--sends-per-second", "1")]
    [DataRow("--connections takes a number from 1 to 1000, and not 'x'", "limit", "--connections", "x")]
    [DataRow("shout", "shout")]
    [DataRow("Required command was not provided")]
    public async Task Argument_ThatMakesNoSense_IsNamed(string fault, params string[] arguments)
    {
        var run = await LoadProgramRun.OfAsync(arguments);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, fault);
    }

    [TestMethod]
    public async Task Server_ThatIsNotThere_IsNamed()
    {
        var run = await LoadProgramRun.OfAsync("poll", "--users", "1", "--server", "http://127.0.0.1:9");
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "http://127.0.0.1:9/ does not answer");
    }

    [TestMethod]
    public async Task Process_ThatIsNotThere_IsNamed()
    {
        using var app = new Running.SampleImApp(new() { ["RateLimits:Enabled"] = "false" });
        var run = await LoadProgramRun.OfAsync(
            "send", "--senders", "1", "--server", app.Address.AbsoluteUri, "--server-pid", "999999999");
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "there is no process 999999999");
    }

    [TestMethod]
    public async Task File_ThatHoldsNoAccounts_IsNamed()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{}");
        var run = await LoadProgramRun.OfAsync("poll", "--users", "1", "--accounts", file);
        File.Delete(file);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "is not a file of accounts");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Users_WhoDoNotFitTheOpenFiles_AreRefusedBeforeTheRun()
    {
        var limit = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (!int.TryParse(limit, out var files) || files > 99_000)
        {
            Assert.Inconclusive("This process may open more files than a run has users.");
        }

        var run = await LoadProgramRun.OfAsync("poll", "--users", limit);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, $"this process may open {limit}");
    }

    [TestMethod]
    [DataRow("open loop", "audit", "spread", "--help")]
    [DataRow("--sends-per-second", "--obey", "--accounts", "poll", "--help")]
    [DataRow("--rate", "--senders", "--server-pid", "send", "--help")]
    [DataRow("--writes-per-second", "--users", "--json", "chat", "--help")]
    [DataRow("--connections", "--rounds", "304 with ETag", "limit", "--help")]
    public async Task Help_ExplainsIt(string one, string other, string third, params string[] arguments)
    {
        var run = await LoadProgramRun.OfAsync(arguments);
        Assert.AreEqual(0, run.ExitCode);
        foreach (var word in new[] { one, other, third })
        {
            StringAssert.Contains(run.Output, word);
        }

        Assert.DoesNotContain("--serve ", run.Output);
    }
}
