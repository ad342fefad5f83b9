using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>Nothing is lost and nothing is sent twice, whatever happens to the server, the network and the page.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageOutboxTests : PageTest
{
    private static readonly LocatorAssertionsToHaveCountOptions s_patient = new() { Timeout = 45_000 };

    [TestMethod]
    public async Task Messages_SurviveAReloadWhileTheServerIsAway()
    {
        await StartProcessAsync();
        var alice = await SignUpAsync("alice", "Alice");
        var bob = await SignUpAsync("bob", "Bob");
        await SayAsync(alice, "Before");
        await Expect(Saying(bob, "Before")).ToBeVisibleAsync();
        var picture = await DrawAsync(alice, 40, 30);

        await KillProcessAsync();
        await SayAsync(alice, "Said into the void");
        await alice.SetInputFilesAsync(".js-picture-input", picture);
        await Expect(alice.Locator(".js-send")).ToBeEnabledAsync();
        await alice.ClickAsync(".js-send");
        await Expect(alice.Locator(".js-message.message--sending, .js-message.message--failed")).ToHaveCountAsync(2);
        await StartProcessAsync();
        await alice.ReloadAsync();

        await Expect(bob.Locator(".js-message[data-seq]")).ToHaveCountAsync(3, s_patient);
        await Expect(Text(bob, 2)).ToHaveTextAsync("Said into the void");
        await Expect(Row(bob, 3).Locator(".js-picture img")).ToBeVisibleAsync();
        await Expect(alice.Locator(".js-message[data-seq]")).ToHaveCountAsync(3, s_patient);
        await Expect(alice.Locator(".js-message[data-client-id]")).ToHaveCountAsync(0);
    }

    [TestMethod]
    public async Task Messages_WaitWhileTheBrowserIsOffline()
    {
        var alice = await SignUpAsync("alice", "Alice");
        var bob = await SignUpAsync("bob", "Bob");
        await alice.Context.SetOfflineAsync(true);
        await SayAsync(alice, "First");
        await SayAsync(alice, "Second");
        await Expect(alice.Locator(".js-connection")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(alice.Locator(".message--sending, .message--failed")).ToHaveCountAsync(2);

        await alice.Context.SetOfflineAsync(false);
        await Expect(bob.Locator(".js-message[data-seq]")).ToHaveCountAsync(2, s_patient);
        await Expect(Text(bob, 1)).ToHaveTextAsync("First");
        await Expect(Text(bob, 2)).ToHaveTextAsync("Second");
        await Expect(alice.Locator(".js-connection")).ToBeHiddenAsync(new() { Timeout = 20_000 });
    }

    [TestMethod]
    public async Task Message_WhoseAnswerIsLost_ArrivesOnce()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.RouteAsync("**/messages", async route =>
        {
            // The server gets it, and the page never hears so.
            await route.FetchAsync();
            await route.AbortAsync();
        }, new() { Times = 2 });
        await SayAsync(alice, "Only once");
        await Expect(Row(alice, 1)).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(alice.Locator(".js-message[data-client-id]")).ToHaveCountAsync(0, s_patient);
        await Expect(alice.Locator(".js-message")).ToHaveCountAsync(1);
    }

    [TestMethod]
    public async Task RefusedMessage_TellsWhyAndCanBeTriedAgainOrDiscarded()
    {
        var alice = await SignUpAsync("alice", "Alice");
        var refused = true;
        await alice.RouteAsync("**/messages", route => refused
            ? route.FulfillAsync(
                new() { Status = 403, ContentType = "application/problem+json", Body = """{"code":"conversation.notMember"}""" })
            : route.ContinueAsync());
        await SayAsync(alice, "Let me in");
        await SayAsync(alice, "Never mind");
        await Expect(alice.Locator(".message--failed")).ToHaveCountAsync(2);
        await Expect(alice.Locator(".js-state-text").First).ToContainTextAsync("not a member");
        await Saying(alice, "Never mind").Locator(".js-discard").ClickAsync();
        refused = false;
        await alice.ReloadAsync();
        await Expect(alice.Locator(".message--failed")).ToHaveCountAsync(1);
        await Saying(alice, "Let me in").Locator(".js-retry").ClickAsync();
        await Expect(Text(alice, 1)).ToHaveTextAsync("Let me in");
        await Expect(alice.Locator(".js-message")).ToHaveCountAsync(1);
    }

    [TestMethod]
    public async Task EndedSignIn_KeepsWhatIsWrittenAndShowsItToNobodyElse()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.Context.SetOfflineAsync(true);
        await SayAsync(alice, "Alice's secret");
        await alice.FillAsync(".js-composer-text", "Alice's draft");
        await alice.Context.ClearCookiesAsync();
        await alice.Context.SetOfflineAsync(false);
        await Expect(alice.Locator(".js-account-notice")).ToContainTextAsync("is kept", new() { Timeout = 20_000 });
        await Expect(alice.Locator("#signin-username")).ToHaveValueAsync("alice");
        await Expect(alice.Locator("#signin-password")).ToBeFocusedAsync();

        await alice.ClickAsync(".js-show-signup");
        await alice.FillAsync("#signup-username", "mallory");
        await alice.FillAsync("#signup-password", Password);
        await alice.ClickAsync(".js-signup-submit");
        await Expect(alice.Locator(".js-composer-text")).ToHaveValueAsync("");
        await Expect(Saying(alice, "Alice's secret")).ToHaveCountAsync(0);
        await alice.ClickAsync(".js-sign-out");

        await alice.FillAsync("#signin-username", "alice");
        await alice.FillAsync("#signin-password", Password);
        await alice.ClickAsync(".js-signin-submit");
        await alice.GotoAsync(new Uri(Address, "#/lobby").ToString());
        await Expect(alice.Locator(".js-composer-text")).ToHaveValueAsync("Alice's draft");
        await Expect(Text(alice, 1)).ToHaveTextAsync("Alice's secret", new() { Timeout = 20_000 });
        await Expect(Row(alice, 1)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("message--own"));
    }
}
