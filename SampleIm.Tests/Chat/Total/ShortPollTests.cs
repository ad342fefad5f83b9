using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Presence;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Total;

/// <summary>Polls that are answered from memory: they say what the long way would say, and to nobody else.</summary>
[TestClass]
public sealed class ShortPollTests
{
    private readonly TestClock _clock = new();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(clock: _clock);
        _alice = await _app.RegisterAsync("alice", "Alice \"A\" <李雷>");
        _bob = await _app.RegisterAsync("bob", "Bob");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    // With a database server the follower asks it twice a second, no matter who polls.
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Polls_InTheSteadyState_RunNoSql()
    {
        await _alice.SendAsync("@bob", "hi");
        await _alice.TotalAsync();
        var etag = (await _bob.GetAsync("/api/total")).Response.Headers.ETag!.ToString();
        var before = _app.Get<Database>().Trips;
        for (var poll = 0; poll < 20; poll++)
        {
            Assert.AreEqual(200, (await _alice.GetAsync("/api/total")).Status);
            Assert.AreEqual(304, (await _bob.GetAsync("/api/total", etag)).Status);
        }

        Assert.AreEqual(before, _app.Get<Database>().Trips);
        await _alice.GetAsync("/api/conversations/@bob/messages/new");
        Assert.IsGreaterThan(before, _app.Get<Database>().Trips);
    }

    [TestMethod]
    public void Host_MayUseAnHttpContextAgain() =>
        // With one among the services each request, each poll too, gets an HttpContext of its own.
        Assert.IsNull(_app.Services.GetService(typeof(IHttpContextAccessor)));

    [TestMethod]
    // With a database server the follower asks it twice a second, no matter who polls.
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Poll_AfterAMessage_BringsItWithoutSql()
    {
        await _bob.TotalAsync();
        await _bob.TotalAsync();
        await _alice.SendAsync("lobby", "news");
        var before = _app.Get<Database>().Trips;
        Assert.AreEqual("news", (await _bob.TotalAsync()).Conversations[0].LastMessage!.Text);
        Assert.AreEqual(before, _app.Get<Database>().Trips);
    }

    [TestMethod]
    public async Task Poll_AnswersWhatTheSerialiserWouldWrite()
    {
        await _alice.SendAsync("lobby", "quotes \" and \\, 你好 👋, <b>&amp;</b> and\ttabs");
        await _bob.SendAsync("@alice", "psst");
        var picture = (await _alice.UploadAsync(Pictures.Png(3, 2))).Element.GetProperty("id").GetString();
        (await _alice.PostAsync("/api/conversations/@alice/messages", new { imageId = picture })).ShouldBe(201);
        await _bob.TotalAsync();
        await _bob.SendAsync("lobby", "gone");
        (await _bob.DeleteAsync("/api/conversations/lobby/messages/2")).ShouldBe(204);
        await _alice.TotalAsync();
        var polled = await _alice.GetAsync("/api/total");
        var session = _app.Get<KnownUsers>().Know(1, "", "");
        var (_, state) = await _app.Get<Views>().GetAsync(session.Id, CancellationToken.None);
        var online = _app.Get<OnlineList>().Look();
        var total = new TotalResponse(
            "alice", [.. online.Users.Select(UserSummary.Of)], online.IsFull, [
                .. ConversationOrder.LatestFirst(state.Entries).Select(entry => entry.Respond())]);
        Assert.AreEqual(JsonSerializer.Serialize(total, _app.Get<IOptions<JsonOptions>>().Value.SerializerOptions), polled.Body);
    }

    [TestMethod]
    public async Task Poll_OfASessionThatHasEnded_Is401()
    {
        var copy = CopyOf(_alice);
        await copy.TotalAsync();
        await copy.TotalAsync();
        (await _alice.PostAsync("/api/account/logout")).ShouldBe(204);
        (await copy.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Poll_OfOtherSessionsAfterAPasswordChange_Is401()
    {
        var other = _app.Anonymous();
        (await other.PostAsync("/api/account/login", new { _alice.Username, Password = ApiUser.FirstPassword })).ShouldBe(200);
        await other.TotalAsync();
        await other.TotalAsync();
        (
            await _alice.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = "another good horse" })).ShouldBe(204);
        (await other.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        await _alice.TotalAsync();
    }

    [TestMethod]
    public async Task Poll_WithATokenOfASessionThatHasEnded_Is401()
    {
        var bot = _app.Anonymous();
        var tokens = await bot.PostAsync(
            "/api/account/login?token=true", new { _alice.Username, Password = ApiUser.FirstPassword });
        bot.BearerToken = tokens.Element.GetProperty("accessToken").GetString();
        await bot.TotalAsync();
        await bot.TotalAsync();
        (await bot.PostAsync("/api/account/logout")).ShouldBe(204);
        (await bot.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Poll_ByHttps_TakesNoCookieOfHttp()
    {
        using var app = new SampleImApp(new() { ["Proxies:Trusted:0"] = "127.0.0.1", ["AllowedHosts"] = "*" });
        var alice = await app.RegisterAsync();
        await alice.TotalAsync();
        await alice.TotalAsync();
        var answer = await alice.AskAsync(HttpMethod.Get, "/api/total", null, request =>
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.1");
            request.Headers.Add("X-Forwarded-Proto", "https");
        });
        answer.ShouldBe(401, "account.signInRequired");
        await alice.TotalAsync();
    }

    /// <summary>A proxy that compresses marks the tag; the long way and the short one know it again.</summary>
    [TestMethod]
    [DataRow("W/\"{0}\"")]
    [DataRow("\"{0}-gzip\"")]
    [DataRow("W/\"{0}-gzip\"")]
    [DataRow("\"{0}-br\"")]
    [DataRow("\"other\", W/\"{0}\"")]
    [DataRow("*")]
    public async Task Poll_WithATagThatAProxyHasMarked_Is304(string given)
    {
        var etag = (await _alice.GetAsync("/api/total")).Response.Headers.ETag!.ToString();
        var tag = string.Format(null, given, etag.Trim('"'));
        var elsewhere = await _alice.SignInElsewhereAsync();
        // The first poll of a sign-in goes the long way.
        for (var poll = 0; poll < 3; poll++)
        {
            var answer = await elsewhere.GetAsync("/api/total", tag);
            Assert.AreEqual((304, etag), (answer.Status, answer.Response.Headers.ETag!.ToString()));
        }

        var another = tag.Replace(etag[1..5], "0000", StringComparison.Ordinal).Replace("*", "\"x\"", StringComparison.Ordinal);
        Assert.AreEqual(200, (await elsewhere.GetAsync("/api/total", another)).Status);
    }

    [TestMethod]
    public async Task Poll_IsAlwaysTheCallersOwn()
    {
        for (var round = 0; round < 3; round++)
        {
            Assert.AreEqual("alice", (await _alice.TotalAsync()).Me);
            Assert.AreEqual("bob", (await _bob.TotalAsync()).Me);
            (await _app.Anonymous().GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        }
    }

    [TestMethod]
    public async Task Poll_WithAnExpiredCookie_Is401WithinAMinute()
    {
        await _alice.TotalAsync();
        await _alice.TotalAsync();
        _clock.Advance(Sessions.Lifetime + TimeSpan.FromMinutes(1));
        (await _alice.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Polls_KeepTheCallerOnTheOnlineList()
    {
        await _alice.TotalAsync();
        for (var poll = 0; poll < 5; poll++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            await _alice.TotalAsync();
        }

        CollectionAssert.AreEqual(new[] { "alice" }, (await _alice.TotalAsync()).Online.Select(user => user.Username).ToArray());
    }

    [TestMethod]
    public async Task Poll_HasTheHeadersOfEveryAnswer()
    {
        await _alice.TotalAsync();
        var answer = await _alice.GetAsync("/api/total");
        foreach (var (name, value) in new[]
        {
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), (
                "Content-Security-Policy", "frame-ancestors 'none'"),
            ("Cache-Control", "no-cache, private"), ("X-Poll-Interval", "1"),
        })
        {
            Assert.AreEqual(
                value,
                answer.Response.Headers.NonValidated[name].ToString()
                    .Replace("private, no-cache", "no-cache, private", StringComparison.Ordinal),
                name);
        }
    }

    private ApiUser CopyOf(ApiUser user)
    {
        var copy = _app.Anonymous();
        copy.Cookies.Add(_app.Address, user.Cookies.GetCookies(_app.Address));
        return copy;
    }
}
