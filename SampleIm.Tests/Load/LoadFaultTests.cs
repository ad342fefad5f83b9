using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SampleIm.Load.Chat.Polling;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.People.Accounts;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class LoadFaultTests
{
    private const string Unchanged = "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    [TestInitialize]
    public void Start() => _server.Start();

    [TestCleanup]
    public void Stop() => _server.Dispose();

    [TestMethod]
    public async Task User_WhoseConnectionIsClosed_CountsAnErrorAndConnectsAnew()
    {
        using var schedule = new Schedule();
        var pace = Pace.AtOnce((IPEndPoint)_server.LocalEndpoint, schedule);
        using var user = new PollingUser(pace, new LoadAccount("nobody", "a=b")) { ETag = "\"1\"" };
        pace.Start([user], Stopwatch.GetTimestamp());
        using (var first = await AcceptAsync())
        {
            await AnswerAsync(first, Unchanged);
            await ReadAsync(first);
        }

        using var second = await AcceptAsync();
        await AnswerAsync(second, Unchanged);
        // The request after that answer shows that the answer was counted.
        await ReadAsync(second);
        Assert.AreEqual(2, pace.Tally.Answered);
        Assert.AreEqual(1, pace.Tally.ErrorsByKind["closed by the server"]);
    }

    [TestMethod]
    public async Task User_OfASlowServer_OwesWhatIsDue_AndItsTimeCountsFromThen()
    {
        using var schedule = new Schedule();
        var period = TimeSpan.FromMilliseconds(50);
        var pace = Pace.ByTheClock((IPEndPoint)_server.LocalEndpoint, schedule, period);
        using var user = new PollingUser(pace, new LoadAccount("nobody", "a=b")) { ETag = "\"1\"" };
        var start = Stopwatch.GetTimestamp();
        pace.EndsAt = start + (10 * pace.Period);
        pace.Start([user], start);
        using var connection = await AcceptAsync();
        await ReadAsync(connection);
        // While the first answer is awaited every further one becomes due.
        Assert.IsTrue(SpinWait.SpinUntil(() => Stopwatch.GetTimestamp() > start + (20 * pace.Period), TimeSpan.FromSeconds(30)));
        for (var turn = 0; turn < 10; turn++)
        {
            await connection.SendAsync(Encoding.ASCII.GetBytes(Unchanged));
            if (turn < 9)
            {
                await ReadAsync(connection);
            }
        }

        Assert.IsTrue(SpinWait.SpinUntil(() => pace.Tally.Answered == 10, TimeSpan.FromSeconds(30)));
        Assert.IsGreaterThan(
            400, pace.Tally.Latencies.Summarise().P50, "Half of them were due 500 ms or more before they were sent.");
        Assert.AreEqual(1, pace.Tally.Lateness.Count, "Those that were owed were not late by the generator.");
    }

    [TestMethod]
    public async Task User_WhoIsNotAnswered_IsAnErrorInTheEnd_AndSoIsWhatIsOwed()
    {
        using var schedule = new Schedule();
        var pace = Pace.ByTheClock((IPEndPoint)_server.LocalEndpoint, schedule, TimeSpan.FromMilliseconds(20));
        using var user = new PollingUser(pace, new LoadAccount("nobody", "a=b"));
        var start = Stopwatch.GetTimestamp();
        pace.EndsAt = start + (5 * pace.Period);
        pace.Start([user], start);
        using var connection = await AcceptAsync();
        await ReadAsync(connection);
        Assert.IsTrue(
            SpinWait.SpinUntil(() => Stopwatch.GetTimestamp() > pace.EndsAt && !schedule.IsBehind(), TimeSpan.FromSeconds(30)));
        user.End();
        Assert.AreEqual(5, pace.Tally.ErrorsByKind["unanswered at the end"]);
        Assert.AreEqual(5, pace.Tally.Latencies.Count);
    }

    [TestMethod]
    public async Task Server_ThatLimitsRequests_IsNamedAsTheReason()
    {
        var serving = Task.Run(async () =>
        {
            using var connection = await _server.AcceptSocketAsync();
            await AnswerAsync(connection, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
        });
        var run = await LoadProgramRun.OfAsync(
            "poll", "--users", "1", "--seconds", "1", "--server", $"http://{_server.LocalEndpoint}");
        await serving;
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "--RateLimits:Enabled=false");
    }

    private Task<Socket> AcceptAsync() => _server.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(30));

    private static async Task AnswerAsync(Socket connection, string answer)
    {
        await ReadAsync(connection);
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
    }

    private static async Task ReadAsync(Socket connection) =>
        Assert.AreNotEqual(0, await connection.ReceiveAsync(new byte[10_000]).WaitAsync(TimeSpan.FromSeconds(30)));
}
