using Microsoft.Extensions.Logging;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Total;

/// <summary>
/// The poll that is answered in front of everything fails like any other call. What it needs is taken away from it: the memory
/// under it is disposed of.
/// </summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PollFaultTests
{
    private readonly FaultyClock _clock = new();
    private readonly CapturedLog _log = new();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["Logging:LogLevel:SampleIm"] = "Debug" }, clock: _clock, log: _log);
        _alice = await _app.RegisterAsync("alice");
        await _alice.TotalAsync();
        await _alice.TotalAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Poll_ThatFails_IsAProblemWithItsHeadersAndItsLine()
    {
        _app.Get<Pollers>().Dispose();
        var answer = await _alice.GetAsync("/api/total");
        answer.ShouldBe(500, "server.error");
        Assert.AreEqual("nosniff", answer.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.IsNull(answer.Response.Headers.ETag);
        var id = answer.Response.Headers.GetValues("X-Request-Id").Single();
        var line = await _log.FindAsync(line => line.Category == RequestLog.Category && Equals(line.Fields["RequestId"], id));
        Assert.AreEqual((500, LogLevel.Warning), ((int)line.Fields["Status"]!, line.Level));
        Assert.AreEqual(id, Fault().Fields["RequestId"]);
    }

    [TestMethod]
    public async Task Poll_ThatFailsInTheShortWayAlone_IsAnsweredByTheWholeWay()
    {
        _clock.FailsNextShortPoll = true;
        Assert.AreEqual("alice", (await _alice.TotalAsync()).Me);
        await _log.FindAsync(
            line =>
                line.Category == RequestLog.Category
                    && Equals(line.Fields["RequestId"], Fault().Fields["RequestId"])
                    && Equals(line.Fields["Status"], 200));
    }

    /// <summary>Once, only where the short way asks for the time: the whole way finds nothing wrong.</summary>
    private sealed class FaultyClock : TestClock
    {
        private bool _failsNext;

        public bool FailsNextShortPoll
        {
            set => Volatile.Write(ref _failsNext, value);
        }

        public override long GetTimestamp()
        {
            ObjectDisposedException.ThrowIf(
                Volatile.Read(ref _failsNext) && Environment.StackTrace.Contains(nameof(Pollers), StringComparison.Ordinal)
                    && Interlocked.Exchange(ref _failsNext, false),
                this);
            return base.GetTimestamp();
        }
    }

    private LogLine Fault() =>
        _log.Lines.First(
            line =>
                line.Level == LogLevel.Error && line.Text.Contains(nameof(ObjectDisposedException), StringComparison.Ordinal));
}
