using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Logging;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class AuditLogTests
{
    private const string Login = "/api/account/login";
    private const string Password = "/api/account/password";
    private const string NewPassword = "a better horse";

    private readonly CapturedLog _log = new();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["Admin:Users:0"] = "boss" }, log: _log);
        _alice = await _app.RegisterAsync("Alice");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public void Register_IsNoted() => ShouldEndWith("Alice registered from 127.0.0.1", LogLevel.Information);

    [TestMethod]
    public async Task SignIn_IsNotedWithItsMeans()
    {
        await _alice.SignInElsewhereAsync();
        ShouldEndWith("Alice signed in by cookie from 127.0.0.1", LogLevel.Information);
        await _alice.SignInByTokenAsync();
        ShouldEndWith("Alice signed in by token from 127.0.0.1", LogLevel.Information);
    }

    [TestMethod]
    public async Task FailedSignIn_IsNotedUnderTheNameOfTheAccount()
    {
        (await _app.Anonymous().PostAsync(Login, new { username = "ALICE", password = "wrong" }))
            .ShouldBe(401, "account.badCredentials");
        ShouldEndWith("A sign-in as Alice failed from 127.0.0.1", LogLevel.Warning);
    }

    [TestMethod]
    [DataRow("hunter2hunter2", DisplayName = "a password that could be a name")]
    [DataRow("correct horse battery", DisplayName = "one that could not")]
    [DataRow("x\nAlice signed in by cookie", DisplayName = "a forged line")]
    public async Task FailedSignIn_UnderANameThatNobodyHas_DoesNotTellWhatWasTyped(string typed)
    {
        (await _app.Anonymous().PostAsync(Login, new { username = typed, password = "wrong" }))
            .ShouldBe(401, "account.badCredentials");
        ShouldEndWith("A sign-in as (unknown) failed from 127.0.0.1", LogLevel.Warning);
        Assert.IsEmpty(_log.Lines.Where(line => line.ToString().Contains(typed, StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("alice", "Alice")]
    [DataRow("nobody", "(unknown)")]
    public async Task Lockout_IsNotedWithItsEnd(string username, string noted)
    {
        await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => _app.Anonymous().PostAsync(Login, new { username, password = "wrong" })));
        Assert.HasCount(
            9,
            _log.Of(AuditLog.Category)
                .Where(line => line.Text.StartsWith($"A sign-in as {noted} failed", StringComparison.Ordinal)).ToList());
        (await _app.Anonymous().PostAsync(Login, new { username, password = ApiUser.FirstPassword }))
            .ShouldBe(429, "account.locked");
        var line = _log.Of(AuditLog.Category)[^1];
        Assert.AreEqual(LogLevel.Warning, line.Level);
        StringAssert.Matches(line.Text, new(
            $@"^{Regex.Escape(noted)} is locked until \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ: refused a password from "
            + @"127\.0\.0\.1, request "));
    }

    [TestMethod]
    public async Task PasswordChange_AndItsFailures_AreNoted()
    {
        (await _alice.PostAsync(Password, new { currentPassword = "wrong", newPassword = NewPassword }))
            .ShouldBe(400, "account.wrongPassword");
        ShouldEndWith("Alice gave a wrong current password to change it from 127.0.0.1", LogLevel.Warning);
        (await _alice.PostAsync(Password, new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword }))
            .ShouldBe(204);
        ShouldEndWith("Alice changed the password from 127.0.0.1", LogLevel.Information);
    }

    [TestMethod]
    public async Task SignOutAndTheEndOfItsTokens_AreNoted()
    {
        var (program, refreshToken) = await _alice.SignInByTokenAsync();
        (await program.PostAsync("/api/account/logout")).ShouldBe(204);
        ShouldEndWith("Alice signed out from 127.0.0.1", LogLevel.Information);
        (await _app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(401, "account.refreshInvalid");
        ShouldEndWith("A refresh token was refused from 127.0.0.1", LogLevel.Warning);
    }

    [TestMethod]
    public async Task Recall_ByAnAdministrator_IsNotedAndAnOwnOneIsNot()
    {
        await _alice.SendAsync("lobby", "one");
        await _alice.SendAsync("lobby", "two");
        var boss = await _app.RegisterAsync("boss");
        (await boss.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        ShouldEndWith("Administrator boss recalled message 1 of Alice in lobby from 127.0.0.1", LogLevel.Warning);
        var before = _log.Of(AuditLog.Category).Count;
        (await _alice.DeleteAsync("/api/conversations/lobby/messages/2")).ShouldBe(204);
        (await boss.DeleteAsync("/api/conversations/lobby/messages/2")).ShouldBe(204);
        Assert.HasCount(before, _log.Of(AuditLog.Category));
    }

    [TestMethod]
    public async Task Limit_ThatStopsSomebody_IsNotedWithTheAddressBehindTheProxy()
    {
        var log = new CapturedLog();
        using var app = new SampleImApp(new()
        {
            ["RateLimits:Enabled"] = "true",
            ["RateLimits:Login:Permits"] = "1",
            ["RateLimits:Login:Window"] = "01:00:00",
            ["Proxies:Trusted:0"] = "127.0.0.1",
        }, log: log);
        for (var time = 0; time < 2; time++)
        {
            await app.Anonymous()
                .AskAsync(HttpMethod.Post, Login, null, request => request.Headers.Add("X-Forwarded-For", "2001:db8::7"));
        }

        StringAssert.StartsWith(
            log.Of(AuditLog.Category)[^1].Text, "The limit login stopped a request from 2001:db8::7, request ");
    }

    /// <summary>The latest line; it is written before the answer.</summary>
    private void ShouldEndWith(string text, LogLevel level)
    {
        var line = _log.Of(AuditLog.Category)[^1];
        StringAssert.StartsWith(line.Text, text + ", request ");
        Assert.AreEqual(level, line.Level);
    }
}
