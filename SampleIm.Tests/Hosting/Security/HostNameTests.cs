using Microsoft.Extensions.Logging;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

/// <summary>
/// A page elsewhere may give its own name this server's address (DNS rebinding): to its visitor's browser it is then the same
/// site.
/// </summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class HostNameTests
{
    [TestMethod]
    [DataRow("localhost")]
    [DataRow("LOCALHOST:8080")]
    [DataRow("127.0.0.1")]
    [DataRow("[::1]:5080")]
    public async Task NamesOfThisMachine_AreAnswered(string host)
    {
        using var app = new SampleImApp();
        (await AskAsync(app, "/", host)).ShouldBe(200);
    }

    [TestMethod]
    [DataRow("rebound.example")]
    [DataRow("localhost.rebound.example:5080")]
    [DataRow("127.0.0.1.rebound.example")]
    [DataRow("192.0.2.1")]
    public async Task OtherNames_AreRefusedWhereOnlyThisMachineIsListenedTo(string host)
    {
        using var app = new SampleImApp();
        foreach (var path in new[] { "/", "/dist/main.js", "/api/account", "/api/total", "/media/x", "/swagger/v1/swagger.json",
            "/api/nothing" })
        {
            (await AskAsync(app, path, host)).ShouldBe(400, "request.hostUnknown");
        }

        var registration =
            System.Net.Http.Json.JsonContent.Create(new { username = "rebound", password = ApiUser.FirstPassword });
        var answer = await app.Anonymous()
            .AskAsync(HttpMethod.Post, "/api/account/register", registration, request => request.Headers.Host = host);
        answer.ShouldBe(400, "request.hostUnknown");
        Assert.IsFalse(answer.Response.Headers.Contains("Set-Cookie"));
        // A supervisor asks under any name, and learns nothing of anybody.
        (await AskAsync(app, "/health/live", host)).ShouldBe(200);
    }

    [TestMethod]
    public async Task AllowedHosts_AreThoseAndNoOthers()
    {
        using var app = new SampleImApp(new() { ["AllowedHosts"] = "chat.example; *.school.example" });
        foreach (var (host, status) in new[]
        {
            ("chat.example", 200), ("CHAT.example:443", 200), ("physics.school.example", 200), ("school.example", 400),
                ("localhost", 400), ("rebound.example", 400),
        })
        {
            Assert.AreEqual(status, (await AskAsync(app, "/dist/main.js", host)).Status, host);
        }
    }

    [TestMethod]
    public async Task AnyHost_IsAnsweredWhereThatIsSaid()
    {
        using var log = new CapturedLog();
        using var app = new SampleImApp(new() { ["AllowedHosts"] = "*" }, log: log);
        (await AskAsync(app, "/", "anything.example")).ShouldBe(200);
        Assert.IsFalse(log.Lines.Any(line => line.Text.Contains("AllowedHosts", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task AServerThatOthersReach_AnswersAnyNameAndWarns()
    {
        using var log = new CapturedLog();
        using var app = new SampleImApp(new() { ["urls"] = "http://127.0.0.1:0;http://0.0.0.0:0" }, log: log);
        (await AskAsync(app, "/", "chat.example")).ShouldBe(200);
        await log.FindAsync(line => line.Level == LogLevel.Warning
            && line.Text.StartsWith("Requests for any host name are answered.", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task AServerBehindAProxyOnThisMachine_WarnsThatItNeedsTheNamesThatPeopleUse()
    {
        using var log = new CapturedLog();
        using var app = new SampleImApp(new() { ["Proxies:Trusted:0"] = "127.0.0.1" }, log: log);
        await log.FindAsync(line => line.Level == LogLevel.Warning
            && line.Text.StartsWith("Only requests for localhost are answered.", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task TheFirstRefusal_WarnsOnceAndTellsNothingThatAStrangerChose()
    {
        using var log = new CapturedLog();
        using var app = new SampleImApp(log: log);
        Assert.IsFalse(log.Lines.Any(IsWarning));
        foreach (var host in new[] { "rebound.example", "other.example", "rebound.example" })
        {
            (await AskAsync(app, "/api/account", host)).ShouldBe(400, "request.hostUnknown");
        }

        var warning = log.Lines.Single(IsWarning);
        Assert.DoesNotContain("rebound", warning.Text);

        static bool IsWarning(LogLine line) => line.Level == LogLevel.Warning
            && line.Text.Contains("--AllowedHosts=", StringComparison.Ordinal);
    }

    /// <summary>The poll from memory stands before the check of the host.</summary>
    [TestMethod]
    public async Task APoll_IsRefusedUnderAnotherName_AlsoWhileItIsAnsweredFromMemory()
    {
        using var app = new SampleImApp();
        var (program, _) = await (await app.RegisterAsync()).SignInByTokenAsync();
        for (var poll = 0; poll < 3; poll++)
        {
            await program.TotalAsync();
        }

        var rebound = await program.AskAsync(
            HttpMethod.Get, "/api/total", null, request => request.Headers.Host = "rebound.example");
        rebound.ShouldBe(400, "request.hostUnknown");
        await program.TotalAsync();
    }

    private static Task<Answer> AskAsync(SampleImApp app, string path, string host) =>
        app.Anonymous().AskAsync(HttpMethod.Get, path, null, request => request.Headers.Host = host);
}
