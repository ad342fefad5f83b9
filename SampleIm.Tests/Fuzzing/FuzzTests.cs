using Microsoft.Extensions.Logging;
using SampleIm.Tests.Hosting.OpenApi;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>
/// Thousands of requests of every kind to every call of the description. Alone in the process, for what it leaves behind is
/// counted. How to run more of them: docs/testing.md.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed class FuzzTests
{
    private const int HalfSent = 20;

    /// <summary>
    /// For what the run itself keeps of each user and each address that it has tried, and for the machinery of .NET.
    /// </summary>
    private const long MoreBytes = 8 * 1024 * 1024;
    private const long MoreBytesPerRequest = 300;
    private const int MoreHandles = 30;

    private SampleImApp _app = null!;
    private IReadOnlyList<FuzzedCall> _calls = [];
    private readonly FaultLog _log = new();

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["RateLimits:Enabled"] = "false", ["Metrics:Addresses:0"] = "127.0.0.1" });
        _app.Get<ILoggerFactory>().AddProvider(_log);
        _calls = FuzzedCall.AllOf(await Description.ReadAsync(_app));
    }

    [TestCleanup]
    public void Stop()
    {
        _app.Dispose();
        _log.Dispose();
    }

    [TestMethod]
    public async Task AnyRequest_IsAnsweredAsDescribed_AndLeavesNothingBehind()
    {
        var run = new FuzzRun(_app, _calls, FuzzSettings.Seed);
        var halves = await SendHalvesAsync();
        // The first part is for what is made once: caches, pools, compiled code.
        await run.GoOnAsync(FuzzSettings.Requests / 4);
        var before = Measure();
        await run.GoOnAsync(FuzzSettings.Requests);
        var after = Measure();
        halves.ForEach(half => half.Dispose());

        TestContext.WriteLine($"Seed {FuzzSettings.Seed}, {FuzzSettings.Requests} requests; answers: "
            + string.Join(", ", run.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}")));
        TestContext.WriteLine(
            "Successes: " + string.Join(
                ", ", run.Successes.OrderBy(call => call.Key).Select(call => $"{call.Key}: {call.Value}")));
        TestContext.WriteLine($"Heap and handles: {before}, then {after}");
        Assert.IsEmpty(run.Faults, string.Join("\n\n", run.Faults));
        Assert.IsEmpty(_log.Faults, string.Join("\n\n", _log.Faults.Take(5)));
        Assert.AreEqual(FuzzSettings.Requests, run.Statuses.Values.Sum());
        // Each call was also made as it should be: else the run would have gone no further than the checks at the door.
        CollectionAssert.AreEquivalent(_calls.Select(call => call.Id).ToArray(), run.Successes.Keys.ToArray());
        Assert.IsLessThan(MoreBytes + (MoreBytesPerRequest * FuzzSettings.Requests), after.Bytes - before.Bytes, "Memory grows.");
        Assert.IsLessThan(MoreHandles, after.Handles - before.Handles, "Handles are left open.");
        await AuditAsync();
    }

    private async Task<List<WireConnection>> SendHalvesAsync()
    {
        var halves = new List<WireConnection>();
        for (var count = 0; count < HalfSent; count++)
        {
            halves.Add(await WireConnection.OpenAsync(_app.Address));
            await halves[^1]
                .SendAsync($"POST /api/account/login HTTP/1.1\r\nHost: {_app.Address.Authority}\r\nContent-Type: "
                    + "application/json\r\n"
                + (count % 2 == 0 ? "Content-Le" : "Content-Length: 100\r\n\r\n{\"username\":"));
        }

        return halves;
    }

    private static (long Bytes, int Handles) Measure()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(forceFullCollection: true), Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
    }

    /// <summary>People chat on as if nothing had been, and what was kept is whole.</summary>
    private async Task AuditAsync()
    {
        var (alice, bob) = (await _app.RegisterAsync(), await _app.RegisterAsync());
        foreach (var room in new[] { "lobby", "@" + bob.Username })
        {
            var cursor = (await alice.ConversationAsync(room)).Version;
            var first = await alice.SendAsync(room, "one");
            await alice.SendAsync(room, "two");
            (await alice.PatchAsync($"/api/conversations/{room}/messages/{first.Seq}", new { text = "one, better" }))
                .ShouldBe(200);
            (await alice.DeleteAsync($"/api/conversations/{room}/messages/{first.Seq + 1}")).ShouldBe(204);
            var seen = await bob.NewAsync(room == "lobby" ? room : "@" + alice.Username, cursor);
            Assert.AreEqual("one, better|", string.Join('|', seen.Messages.Select(message => message.Text)));
        }

        var (seqs, version, hasMore) = (new List<long>(), 0L, true);
        while (hasMore)
        {
            var page = await alice.NewAsync("lobby", version);
            Assert.IsTrue(page.Messages.Zip(page.Messages.Skip(1)).All(pair => pair.First.Version < pair.Second.Version));
            seqs.AddRange(page.Messages.Select(message => message.Seq));
            (version, hasMore) = (page.Version, page.HasMore);
        }

        var lobby = (await alice.TotalAsync()).Conversations.Single(conversation => conversation.Id == "lobby");
        Assert.AreEqual((lobby.LastSeq, lobby.Version), (seqs.Count, version));
        CollectionAssert.AreEqual(Enumerable.Range(1, seqs.Count).Select(seq => (long)seq).ToList(), seqs.Order().ToList());
        TestContext.WriteLine($"The lobby has {seqs.Count} messages and {version} changes, each there once.");
    }
}
