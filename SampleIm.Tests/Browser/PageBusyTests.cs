using System.Globalization;
using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>A server under load asks for patience: the page gives it, says so calmly, and loses nothing.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageBusyTests : PageTest
{
    private static readonly LocatorAssertionsToHaveCountOptions s_patient = new() { Timeout = 45_000 };

    [TestMethod]
    [DataRow("en-US", 503, "storage.unavailable", "Not sent yet: the server is busy. It will go out by itself.")]
    [DataRow("zh-CN", 503, "storage.unavailable", "尚未发送：服务器繁忙，稍后会自动发送。")]
    [DataRow("en-US", 429, "request.rateLimited", "Not sent yet: many messages in a short time. It will go out by itself.")]
    [DataRow("zh-CN", 429, "request.rateLimited", "尚未发送：短时间内消息较多，稍后会自动发送。")]
    public async Task Messages_WaitAsLongAsTheServerAsksAndGoOutInOrder(string language, int status, string code, string notice)
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice", language: language);
        var tries = new List<(DateTime At, string Body)>();
        await alice.RouteAsync("**/messages", async route =>
        {
            tries.Add((DateTime.UtcNow, route.Request.PostData ?? ""));
            await (tries.Count <= 2 ? RefuseAsync(route, status, code, retryAfter: 3) : route.ContinueAsync());
        });
        await SayAsync(alice, "First");
        await SayAsync(alice, "Second");
        await alice.FillAsync(".js-composer-text", "Still being written");
        await Expect(alice.Locator(".js-state-text >> visible=true")).ToHaveTextAsync(notice);
        await Expect(alice.Locator(".message--sending")).ToHaveCountAsync(2);
        await Expect(alice.Locator(".message--failed")).ToHaveCountAsync(0);

        await Expect(bob.Locator(".js-message[data-seq]")).ToHaveCountAsync(2, s_patient);
        await Expect(Text(bob, 1)).ToHaveTextAsync("First");
        await Expect(Text(bob, 2)).ToHaveTextAsync("Second");
        await Expect(alice.Locator(".js-message[data-client-id]")).ToHaveCountAsync(0, s_patient);
        await Expect(alice.Locator(".js-composer-text")).ToHaveValueAsync("Still being written");
        Assert.HasCount(4, tries);
        Assert.AreEqual(tries[0].Body, tries[1].Body);
        Assert.AreEqual(tries[0].Body, tries[2].Body);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(3), tries[1].At - tries[0].At);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(3), tries[2].At - tries[1].At);
    }

    [TestMethod]
    public async Task WaitingMessage_GoesAtOnceWhenItsAuthorWantsIt()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.RouteAsync(
            "**/messages", route => RefuseAsync(route, 503, "storage.unavailable", retryAfter: 600), new() { Times = 1 });
        await SayAsync(alice, "Now");
        await alice.ClickAsync(".js-retry >> visible=true");
        await Expect(Text(alice, 1)).ToHaveTextAsync("Now");
    }

    [TestMethod]
    [DataRow(
        "en-US",
        "Not sent. Your pictures have filled the space that this server gives to each person. Recall some to make room.")]
    [DataRow("zh-CN", "发送失败。您的图片已占满服务器分配给每个人的空间，撤回一些即可腾出空间。")]
    public async Task PictureWithoutRoom_SaysSoAndKeepsItsWords(string language, string notice)
    {
        var alice = await SignUpAsync("alice", "Alice", language: language);
        await alice.RouteAsync("**/api/images", route => RefuseAsync(route, 413, "image.quotaExceeded"));
        await Expect(alice.Locator(".js-composer-text")).ToBeVisibleAsync();
        await alice.SetInputFilesAsync(".js-picture-input", await DrawAsync(alice, 40, 30));
        await Expect(alice.Locator(".js-send")).ToBeEnabledAsync();
        await SayAsync(alice, "Look");
        await Expect(alice.Locator(".message--failed .js-state-text")).ToHaveTextAsync(notice);
        await Expect(alice.Locator(".message--failed .js-text")).ToHaveTextAsync("Look");
    }

    [TestMethod]
    [DataRow("en-US", "That was too fast. Please try again in 40 seconds.", "The server is busy. Please try again in 5 seconds.")]
    [DataRow("zh-CN", "操作太频繁，请在40秒钟后重试。", "服务器繁忙，请在5秒钟后重试。")]
    public async Task Forms_SayWhenToTryAgainAndKeepWhatWasEntered(string language, string tooFast, string busy)
    {
        var page = await OpenAsync(language: language);
        await page.RouteAsync(
            "**/api/account/login", route => RefuseAsync(route, 429, "request.rateLimited", retryAfter: 40), new() { Times = 1 });
        await page.RouteAsync(
            "**/api/account/register", route => RefuseAsync(route, 503, "server.of.tomorrow", retryAfter: 5),
            new() { Times = 1 });
        await page.FillAsync("#signin-username", "alice");
        await page.FillAsync("#signin-password", Password);
        await page.ClickAsync(".js-signin-submit");
        await Expect(page.Locator(".js-account-notice")).ToHaveTextAsync(tooFast);
        await Expect(page.Locator("#signin-password")).ToHaveValueAsync(Password);

        await page.ClickAsync(".js-show-signup");
        await page.FillAsync("#signup-username", "alice");
        await page.FillAsync("#signup-password", Password);
        await page.ClickAsync(".js-signup-submit");
        await Expect(page.Locator(".js-account-notice")).ToHaveTextAsync(busy);
        await page.ClickAsync(".js-signup-submit");
        await page.Locator(".js-chat").WaitForAsync();

        await page.RouteAsync(
            "**/api/account", route => RefuseAsync(route, 503, "storage.unavailable", retryAfter: 5), new() { Times = 1 });
        await page.ClickAsync(".js-settings-open");
        await page.FillAsync("#profile-bio", "I was here");
        await page.ClickAsync(".js-profile-save");
        await Expect(page.Locator(".js-profile-notice")).ToBeVisibleAsync();
        await Expect(page.Locator("#profile-bio")).ToHaveValueAsync("I was here");
        await page.ClickAsync(".js-profile-save");
        await Expect(page.Locator(".js-profile-notice")).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task Poll_ComesAsOftenAsTheServerSays()
    {
        var alice = await SignUpAsync("alice", "Alice");
        var polls = new List<DateTime>();
        await alice.RouteAsync("**/api/total", async route =>
        {
            polls.Add(DateTime.UtcNow);
            var answer = await route.FetchAsync();
            var headers = new Dictionary<string, string>(answer.Headers) { ["x-poll-interval"] = "2.25" };
            await route.FulfillAsync(new() { Response = answer, Headers = headers });
        });
        while (polls.Count < 4)
        {
            await alice.WaitForTimeoutAsync(250);
        }

        // The first came before the server had said anything.
        foreach (var (earlier, later) in polls.Skip(1).Zip(polls.Skip(2)))
        {
            Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(2.2), later - earlier);
        }
    }

    [TestMethod]
    public async Task Conversation_LoadsByItselfOnceTheServerHasTime()
    {
        var bob = await SignUpAsync("bob", "Bob");
        await SayAsync(bob, "Here all the time");
        var alice = await SignUpAsync("alice", "Alice");
        // The page has asked for what it wants at first: what is refused is the next one's.
        await Expect(Text(alice, 1)).ToHaveTextAsync("Here all the time");
        var tries = new List<DateTime>();
        await alice.RouteAsync("**/messages/history*", async route =>
        {
            tries.Add(DateTime.UtcNow);
            await (tries.Count == 1 ? RefuseAsync(route, 503, "storage.unavailable", retryAfter: 8) : route.ContinueAsync());
        });
        await alice.ReloadAsync();
        await Expect(alice.Locator(".js-log-top-text")).ToHaveTextAsync("The server is busy. Trying again…");
        await Expect(Text(alice, 1)).ToHaveTextAsync("Here all the time", new() { Timeout = 30_000 });
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(8), tries[1] - tries[0]);
    }

    [TestMethod]
    public async Task Page_ThatComesWhileTheServerIsBusy_SaysSoAndGoesOnWhenAsked()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.RouteAsync(
            "**/api/account?ifSignedIn=true", route => RefuseAsync(route, 503, "server.busy", retryAfter: 600),
            new() { Times = 1 });
        await alice.ReloadAsync();
        await Expect(alice.Locator(".js-connection-text")).ToHaveTextAsync("The server is busy. Trying again…");
        await alice.ClickAsync(".js-connection-retry");
        await alice.Locator(".js-chat").WaitForAsync();
        await Expect(alice.Locator(".js-connection")).ToBeHiddenAsync();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Page_ThatIsShown_AsksABusyServerAgainOnlyWhereItComesBack(bool comesBack)
    {
        var alice = await SignUpAsync("alice", "Alice");
        var asked = 0;
        await alice.RouteAsync("**/api/account?ifSignedIn=true", route =>
        {
            asked++;
            return RefuseAsync(route, 503, "server.busy", retryAfter: 600);
        });
        await alice.ReloadAsync();
        await Expect(alice.Locator(".js-connection-retry")).ToBeVisibleAsync();
        var before = asked;
        await alice.RunAndWaitForRequestAsync(
            () => alice.EvaluateAsync(
                "comesBack => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: comesBack })); fetch('/?last'); }",
                comesBack),
            request => request.Url.EndsWith("/?last", StringComparison.Ordinal));
        Assert.AreEqual(comesBack ? 1 : 0, asked - before);
    }

    private static Task RefuseAsync(IRoute route, int status, string code, int? retryAfter = null)
    {
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/problem+json" };
        if (retryAfter is { } seconds)
        {
            headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return route.FulfillAsync(
            new() { Status = status, Headers = headers, Body = $$"""{"status":{{status}},"code":"{{code}}"}""" });
    }
}
