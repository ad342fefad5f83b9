using Microsoft.Extensions.Logging;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Logging;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class RequestLogTests
{
    private static readonly CapturedLog s_log = new();

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new() { ["Logging:LogLevel:SampleIm"] = "Trace" }, log: s_log);
        s_alice = await s_app.RegisterAsync("alice");
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public async Task Request_IsOneLineWithWhoWhatResultAndTime()
    {
        await s_alice.SendAsync("@alice", "hello");
        var line = await FindAsync("/api/conversations/{id}/messages", "POST");
        Assert.AreEqual(LogLevel.Information, line.Level);
        Assert.AreEqual("alice", line.Fields["User"]);
        Assert.AreEqual(201, line.Fields["Status"]);
        Assert.IsGreaterThan(0.0, (double)line.Fields["ElapsedMs"]!);
        Assert.AreNotEqual("", line.Fields["RequestId"]);
        StringAssert.Matches(
            line.Text, new(@"^POST /api/conversations/\{id\}/messages 201 in \d+\.?\d* ms, user alice, request \S+$"));
        Assert.ContainsSingle(
            s_log.Of(RequestLog.Category).Where(other => Equals(other.Fields["RequestId"], line.Fields["RequestId"])));
    }

    [TestMethod]
    public async Task Framework_AddsNoLinesOfItsOwn()
    {
        await s_alice.SendAsync("@alice", "hello");
        Assert.IsEmpty(s_log.Lines.Where(line => line.Category.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Error_TellsTheNameOfItsLine()
    {
        var answer = await s_alice.GetAsync("/api/users/nobody");
        answer.ShouldBe(404, "user.unknown");
        var id = answer.Response.Headers.GetValues("X-Request-Id").Single();
        var line = await s_log.FindAsync(line => line.Category == RequestLog.Category && Equals(line.Fields["RequestId"], id));
        Assert.AreEqual(404, line.Fields["Status"]);
        Assert.AreEqual("/api/users/{username}", line.Fields["Route"]);
    }

    [TestMethod]
    [DataRow("/")]
    [DataRow("/favicon.svg")]
    [DataRow("/health/live")]
    [DataRow("/swagger/v1/swagger.json")]
    [DataRow("/api/account")]
    [DataRow("/api/total")]
    [DataRow("/api/nothing")]
    public async Task EveryAnswer_TellsTheNameOfItsLine(string path)
    {
        var id = (await s_alice.GetAsync(path)).Response.Headers.GetValues("X-Request-Id").Single();
        Assert.AreNotEqual("", id);
        if (path != "/api/total")
        {
            // A poll that is answered from memory has no line.
            await s_log.FindAsync(line => line.Category == RequestLog.Category && Equals(line.Fields["RequestId"], id));
        }
    }

    [TestMethod]
    public async Task Trace_OfTheCaller_IsInTheLine()
    {
        const string TraceId = "0af7651916cd43dd8448eb211c80319c";
        var answer = await AskWithTraceAsync($"00-{TraceId}-b7ad6b7169203331-01");
        var id = answer.Response.Headers.GetValues("X-Request-Id").Single();
        var line = await s_log.FindAsync(line => line.Category == RequestLog.Category && Equals(line.Fields["RequestId"], id));
        Assert.EndsWith($", request {id}, trace {TraceId}", line.Text);
        Assert.AreEqual(TraceId, line.Fields["TraceId"]!.ToString());
    }

    [TestMethod]
    [DataRow("typed-in-a-trace")]
    [DataRow("00-00000000000000000000000000000000-b7ad6b7169203331-01", DisplayName = "no trace")]
    public async Task Trace_ThatIsNone_IsInNoLine(string trace)
    {
        var id = (await AskWithTraceAsync(trace)).Response.Headers.GetValues("X-Request-Id").Single();
        var line = await s_log.FindAsync(line => line.Category == RequestLog.Category && Equals(line.Fields["RequestId"], id));
        Assert.EndsWith($"request {id}", line.Text);
    }

    [TestMethod]
    public async Task PathAndMethod_AsTheCallerTypedThem_AreInNoLine()
    {
        await s_alice.GetAsync("/api/typed-in-a-path?and=typed-in-a-query");
        await s_alice.GetAsync("/api/users/typed-in-a-path%0Awith-a-line");
        await s_alice.GetAsync("/api/conversations/@typed-in-a-path");
        await s_alice.AskAsync(new HttpMethod("typed-in-as-a-method"), "/api/account", null);
        await FindAsync(RequestLog.NoRoute, "(other)");
        await FindAsync(RequestLog.NoRoute, "GET");
        await FindAsync("/api/users/{username}", "GET");
        await FindAsync("/api/conversations/{id}", "GET");
        Assert.IsEmpty(s_log.Lines.Where(line => line.Text.Contains("typed-in", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Routine_IsLoggedAtDebugAndItsFailuresAsUsual()
    {
        await s_alice.TotalAsync();
        await s_alice.NewAsync("lobby");
        await s_alice.GetAsync("/health/live");
        await s_alice.GetAsync("/favicon.svg");
        await s_alice.PutAsync("/api/conversations/lobby/read", new { seq = 0 });
        foreach (var route in new[]
            {
                "/api/total", "/api/conversations/{id}/messages/new", "/health/live", "/favicon.svg",
                "/api/conversations/{id}/read",
            })
        {
            var line = await s_log.FindAsync(
                line => Equals(line.Fields.GetValueOrDefault("Route"), route) && (int)line.Fields["Status"]! < 400);
            Assert.AreEqual(LogLevel.Debug, line.Level, route);
        }

        (await s_app.Anonymous().GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        var failure = await s_log.FindAsync(
            line => Equals(line.Fields.GetValueOrDefault("Route"), "/api/total") && Equals(line.Fields["Status"], 401));
        Assert.AreEqual(LogLevel.Information, failure.Level);
        Assert.AreEqual("(anonymous)", failure.Fields["User"]);
    }

    [TestMethod]
    public async Task Fault_IsAWarningAndItsReasonHasTheSameId()
    {
        var log = new CapturedLog();
        using var app = new SampleImApp(log: log);
        var alice = await app.RegisterAsync();
        await app.ExecuteAsync("ALTER TABLE images RENAME TO images_gone");
        var answer = await alice.GetAsync("/media/typed");
        answer.ShouldBe(500, "server.error");
        var line = await log.FindAsync(line => line.Category == RequestLog.Category && line.Level == LogLevel.Warning);
        Assert.AreEqual("/media/{id}", line.Fields["Route"]);
        var reason = await log.FindAsync(line => line.Level == LogLevel.Error);
        Assert.Contains("no such table", reason.Text);
        Assert.AreEqual(line.Fields["RequestId"], reason.Fields["RequestId"]);
        Assert.AreEqual(line.Fields["RequestId"], answer.Response.Headers.GetValues("X-Request-Id").Single());
    }

    [TestMethod]
    public async Task Client_ThatHangsUp_IsNoFaultAndNoSuccess()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(s_app.Address.Host, s_app.Address.Port);
        var head = $"POST /api/account/login HTTP/1.1\r\nHost: {s_app.Address.Authority}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{";
        await socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
        socket.Client.LingerState = new(enable: true, seconds: 0);
        socket.Close();
        var line = await s_log.FindAsync(
            line => Equals(line.Fields.GetValueOrDefault("Route"), "/api/account/login") && !Equals(line.Fields["Status"], 200));
        Assert.IsTrue(line.Fields["Status"] is 499 or 400, line.Text);
    }

    private static Task<Answer> AskWithTraceAsync(string trace) => s_alice.AskAsync(
        HttpMethod.Get, "/api/account", null, request => request.Headers.TryAddWithoutValidation("traceparent", trace));

    private static Task<LogLine> FindAsync(string route, string method) => s_log.FindAsync(line =>
        line.Category == RequestLog.Category && Equals(line.Fields["Route"], route) && Equals(line.Fields["Method"], method));
}
