using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

[TestClass]
public sealed class LoadRunTests
{
    private SampleImApp _app = null!;

    [TestInitialize]
    public void Start() => _app = new SampleImApp(new()
    {
        ["RateLimits:Enabled"] = "false",
        ["Metrics:Addresses:0"] = "127.0.0.1",
        // Who is kept from polling by other work on the machine is still on the list: else all the others would be answered
        // something new.
        ["Presence:Window"] = "01:00:00",
    });

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Poll_OfAQuietServer_IsAnsweredBy304AndWithoutErrors()
    {
        var (run, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "poll", "--users", "5", "--warm-up", "2", "--seconds", "2");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        var polls = figures.GetProperty("polls");
        Assert.AreEqual(10, polls.GetProperty("answered").GetInt64(), "Five users, two seconds, once a second.");
        Assert.AreEqual(100, polls.GetProperty("notModifiedPercent").GetDouble());
        Assert.IsEmpty(polls.GetProperty("errors").EnumerateObject());
        Assert.IsGreaterThan(0, polls.GetProperty("bytesIn").GetInt64());
        Assert.IsGreaterThan(0, polls.GetProperty("latencyMs").GetProperty("max").GetDouble());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Poll_FindsTheServersProcessByItsPort()
    {
        var (_, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "poll", "--users", "1", "--warm-up", "0", "--seconds", "1");
        var server = figures.GetProperty("usage").GetProperty("server");
        Assert.AreEqual(Environment.ProcessId, server.GetProperty("pid").GetInt32());
        Assert.IsGreaterThan(1, server.GetProperty("peakMemoryMb").GetDouble());
    }

    [TestMethod]
    public async Task Poll_WithSendsBeside_SeesThemAndAuditsThem()
    {
        var (run, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "poll", "--users", "3", "--warm-up", "0", "--seconds", "2", "--sends-per-second", "10", "--obey");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual(20, figures.GetProperty("acknowledged").GetInt64());
        Assert.AreEqual(20, figures.GetProperty("sends").GetProperty("answered").GetInt64());
        Assert.IsLessThan(100, figures.GetProperty("polls").GetProperty("notModifiedPercent").GetDouble());
        StringAssert.Contains(run.Output, "audit of 20 acknowledged messages: clean");
    }

    [TestMethod]
    public async Task Send_AtARate_SendsAsManyAsThatMakes()
    {
        var (run, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "send", "--senders", "2", "4", "--rate", "20", "--warm-up", "0", "--seconds", "2");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        CollectionAssert.AreEqual(
            new[] { 40L, 40L },
            figures.EnumerateArray().Select(report => report.GetProperty("acknowledged").GetInt64()).ToList());
        var reader = await _app.RegisterAsync();
        Assert.AreEqual(80, (await reader.ConversationAsync("lobby")).LastSeq);
    }

    [TestMethod]
    public async Task Send_InAClosedLoop_SendsAsManyAsAreAcknowledged()
    {
        var (run, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "send", "--senders", "3", "--warm-up", "0", "--seconds", "1");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        var acknowledged = figures[0].GetProperty("acknowledged").GetInt64();
        // How many depends on the disk.
        Assert.IsGreaterThan(0, acknowledged);
        var reader = await _app.RegisterAsync();
        Assert.AreEqual(acknowledged, (await reader.ConversationAsync("lobby")).LastSeq);
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Send_IntoALobbyThatLosesAMessage_IsFoundOutByTheAudit()
    {
        await _app.ExecuteAsync(
            "CREATE TRIGGER lose_one AFTER INSERT ON messages WHEN NEW.seq = 3 BEGIN DELETE FROM messages WHERE seq = 3; END");
        var run = await LoadProgramRun.OfAsync(
            "send", "--senders", "1", "--rate", "10", "--warm-up", "0", "--seconds", "1", "--server", _app.Address.AbsoluteUri);
        Assert.AreEqual(2, run.ExitCode, run.Output + run.Error);
        StringAssert.Contains(run.Output, "3 was acknowledged and is not there");
    }

    [TestMethod]
    public async Task Chat_BringsEachMessageToEachReader()
    {
        var (run, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "chat", "--users", "3", "--writes-per-second", "10", "--seconds", "2");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual(20, figures.GetProperty("acknowledged").GetInt64());
        Assert.IsGreaterThan(0, figures.GetProperty("reads").GetProperty("answered").GetInt64());
        Assert.IsGreaterThan(0, figures.GetProperty("seenAfterMs").GetProperty("max").GetDouble());
    }

    [TestMethod]
    public async Task Limit_ComparesThePollWithABareEndpointOfTheSameSize()
    {
        var (run, figures) = await LoadProgramRun.MeasureAsync(
            _app.Address, "limit", "--connections", "2", "--rounds", "1", "--seconds", "1");
        // Whether the bars are met is a question of speed, and not asked here.
        Assert.AreNotEqual(1, run.ExitCode, run.Output + run.Error);
        var (unchanged, whole) = (figures[0], figures[1]);
        Assert.AreEqual(304, unchanged.GetProperty("status").GetInt32());
        Assert.AreEqual(0, unchanged.GetProperty("bodyBytes").GetInt32());
        Assert.AreEqual(100, unchanged.GetProperty("bare")[0].GetProperty("notModifiedPercent").GetDouble());
        Assert.AreEqual(200, whole.GetProperty("status").GetInt32());
        Assert.IsGreaterThan(100, whole.GetProperty("bodyBytes").GetInt32());
        Assert.AreEqual(0, whole.GetProperty("bare")[0].GetProperty("notModifiedPercent").GetDouble());
        Assert.AreEqual(0, whole.GetProperty("polls")[0].GetProperty("notModifiedPercent").GetDouble());
        foreach (var comparison in figures.EnumerateArray())
        {
            Assert.IsEmpty(comparison.GetProperty("errors").EnumerateObject(), run.Output);
            Assert.IsGreaterThan(0, comparison.GetProperty("percent").GetDouble());
            Assert.IsGreaterThan(0, comparison.GetProperty("pollAllocatedBytes").GetDouble());
            Assert.IsGreaterThanOrEqualTo(0, comparison.GetProperty("bareAllocatedBytes").GetDouble());
        }
    }

    [TestMethod]
    public async Task Poll_OfTheBareEndpoint_NeedsNoServer()
    {
        var run = await LoadProgramRun.OfAsync("poll", "--bare", "--users", "3", "--warm-up", "0", "--seconds", "1");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        StringAssert.Contains(run.Output, "304: 100 %");
    }

    [TestMethod]
    public async Task Accounts_AreKeptForTheNextRun_AndOnlyForTheirOwner()
    {
        var folder = TestMachine.MakeFolder();
        var file = Path.Combine(folder, "accounts.json");
        try
        {
            await LoadProgramRun.MeasureAsync(
                _app.Address, "poll", "--users", "2", "--warm-up", "0", "--seconds", "1", "--accounts", file);
            var kept = CookiesIn(file);
            await LoadProgramRun.MeasureAsync(
                _app.Address, "poll", "--users", "3", "--warm-up", "0", "--seconds", "1", "--accounts", file);
            CollectionAssert.AreEqual(kept, CookiesIn(file).Take(2).ToList());
            Assert.HasCount(3, CookiesIn(file));
            if (!OperatingSystem.IsWindows())
            {
                Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            // A server that does not know them: they are made again.
            using var other = new SampleImApp(new() { ["RateLimits:Enabled"] = "false" });
            var (run, _) = await LoadProgramRun.MeasureAsync(
                other.Address, "poll", "--users", "2", "--warm-up", "0", "--seconds", "1", "--accounts", file);
            Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
            CollectionAssert.AreNotEqual(kept, CookiesIn(file).Take(2).ToList());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string?> CookiesIn(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. json.RootElement.GetProperty("cookies").EnumerateArray().Select(cookie => cookie.GetString())];
    }
}
