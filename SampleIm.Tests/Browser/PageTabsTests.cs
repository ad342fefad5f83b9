using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>One poll, whatever the number of tabs and whether anybody looks at them.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageTabsTests : PageTest
{
    [TestMethod]
    public async Task SeveralTabs_ShareOnePoll()
    {
        var first = await SignUpAsync("alice", "Alice");
        var bob = await SignUpAsync("bob", "Bob");
        var second = await OpenTabAsync(first);
        var third = await OpenTabAsync(first);
        // The tabs have agreed once the two that came later are silent.
        await UntilOnlyOneOfThemPollsAsync(first.Context);

        await SayAsync(bob, "To all tabs");
        foreach (var tab in new[] { first, second, third })
        {
            await Expect(Text(tab, 1)).ToHaveTextAsync("To all tabs");
        }

        // The leading tab goes, and another one leads.
        await first.CloseAsync();
        await SayAsync(bob, "And to those that are left");
        await Expect(Text(second, 2)).ToHaveTextAsync("And to those that are left");
        await Expect(Text(third, 2)).ToHaveTextAsync("And to those that are left");
        await SayAsync(third, "From the third");
        await Expect(Text(second, 3)).ToHaveTextAsync("From the third");
        await Expect(third.Locator(".js-message")).ToHaveCountAsync(3);
    }

    [TestMethod]
    public async Task SigningInAndOut_HappensInAllTabs()
    {
        var first = await SignUpAsync("alice", "Alice");
        var second = await OpenTabAsync(first);
        await first.ClickAsync(".js-sign-out");
        await Expect(second.Locator(".js-signin-form")).ToBeVisibleAsync();
        await second.FillAsync("#signin-username", "alice");
        await second.FillAsync("#signin-password", Password);
        await second.ClickAsync(".js-signin-submit");
        await Expect(first.Locator(".js-chat")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task AnotherPersonWhoSignsIn_FindsNothingOfTheFirstInAnyTab()
    {
        await SignUpAsync("bob", "Bob");
        var first = await SignUpAsync("alice", "Alice");
        await first.FillAsync(".js-composer-text", "Alice's draft");
        var second = await OpenTabAsync(first);
        await SayAsync(second, "Said by Alice");
        await Expect(Text(first, 1)).ToHaveTextAsync("Said by Alice");
        await first.FillAsync(".js-composer-text", "Alice's next draft");
        await first.ClickAsync(".js-sign-out");
        await Expect(second.Locator(".js-signin-form")).ToBeVisibleAsync();
        await Expect(second.Locator("#signin-username")).ToHaveValueAsync("");
        await second.FillAsync("#signin-username", "bob");
        await second.FillAsync("#signin-password", Password);
        await second.ClickAsync(".js-signin-submit");
        foreach (var tab in new[] { first, second })
        {
            await Expect(tab.Locator(".js-me-name")).ToHaveTextAsync("Bob");
            await tab.ClickAsync(".js-conversation[data-id=lobby]");
            await Expect(Row(tab, 1)).ToBeVisibleAsync();
            await Expect(tab.Locator(".message--own")).ToHaveCountAsync(0);
            await Expect(tab.Locator(".js-composer-text")).ToHaveValueAsync("");
        }
    }

    [TestMethod]
    public async Task WayBack_LeadsThroughNoSignInAndIntoNoChatOfSomebodyWhoHasLeft()
    {
        await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice");
        await alice.GotoAsync(new Uri(Address, "#/@bob").ToString());
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Bob");
        await alice.GoBackAsync();
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Lobby");
        await alice.GoForwardAsync();
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Bob");
        await alice.ClickAsync(".js-sign-out");
        await Expect(alice.Locator(".js-signin-form")).ToBeVisibleAsync();

        await alice.GoBackAsync();
        await Expect(alice.Locator(".js-signin-form")).ToBeVisibleAsync();
        await Expect(alice.Locator(".js-chat")).ToBeHiddenAsync();
        await alice.FillAsync("#signin-username", "alice");
        await alice.FillAsync("#signin-password", Password);
        await alice.ClickAsync(".js-signin-submit");
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Lobby");
        await alice.GoForwardAsync();
        await Expect(alice.Locator(".js-chat")).ToBeVisibleAsync();
        await Expect(alice.Locator(".js-signin-form")).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task HiddenTab_StaysOnlineAndTellsOfNewMessages()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice");
        await SayAsync(alice, "Here");
        // What a browser does to a hidden tab: it is not visible, and its timers ring once a minute.
        await alice.AddInitScriptAsync("""
            Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
            document.hasFocus = () => false;
            const setTimeout = window.setTimeout;
            window.setTimeout = (action, delayMs, ...rest) => setTimeout(action, Math.max(delayMs ?? 0, 60000), ...rest);
            """);
        await alice.ReloadAsync();
        await bob.WaitForTimeoutAsync(8000);
        await Expect(bob.Locator(".js-online-row[data-username=alice]")).ToBeVisibleAsync();
        await SayAsync(bob, "Are you there?");
        await Expect(alice).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex(@"^\(1\) "));
        await Expect(alice.Locator(".js-icon")).ToHaveAttributeAsync("type", "image/png");
        await Expect(alice.Locator(".js-conversation[data-id=lobby] .js-unread")).ToHaveTextAsync("1");
    }

    [TestMethod]
    public async Task LeadingTab_IsSilentAboutWhatAnotherTabHasInView()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var leading = await SignUpAsync("alice", "Alice");
        await SendManyAsync(bob, "@alice", 1);
        // The leading tab stands behind the other one, and counts its sounds.
        await leading.AddInitScriptAsync("""
            document.hasFocus = () => false;
            window.sounds = 0;
            window.AudioContext = class { constructor() { window.sounds += 1; } resume() { return new Promise(() => {}); } };
            """);
        await leading.ReloadAsync();
        await leading.Locator(".js-chat").WaitForAsync();
        var reading = await OpenTabAsync(leading);
        await reading.RouteAsync("**/read", _ => Task.CompletedTask);
        await reading.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(Text(reading, 1)).ToBeVisibleAsync();
        await SendManyAsync(bob, "@alice", 1);
        await Expect(Text(reading, 2)).ToBeVisibleAsync();
        await Expect(leading.Locator(".js-conversation[data-id='@bob'] .js-unread")).ToBeVisibleAsync();
        await leading.WaitForTimeoutAsync(3000);
        Assert.AreEqual(0, await leading.EvaluateAsync<int>("() => window.sounds"));

        await SendManyAsync(bob, "lobby", 1);
        await leading.WaitForFunctionAsync("() => window.sounds > 0");
    }

    [TestMethod]
    public async Task SignedOutVisit_AsksForNothingItMayNotHave()
    {
        var failed = new List<string>();
        var page = await OpenAsync();
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                failed.Add($"{response.Status} {response.Url}");
            }
        };
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.Locator(".js-signin-form")).ToBeVisibleAsync();
        Assert.IsEmpty(failed);
    }

    private async Task<IPage> OpenTabAsync(IPage other)
    {
        var tab = await other.Context.NewPageAsync();
        Watch(tab);
        await tab.GotoAsync(Address.ToString());
        await tab.Locator(".js-chat").WaitForAsync();
        return tab;
    }

    /// <summary>
    /// Waits for six polls one after the other that come from one tab: three tabs that poll on would take turns.
    /// </summary>
    private static async Task UntilOnlyOneOfThemPollsAsync(IBrowserContext context)
    {
        var (polling, count) = ((IPage?)null, 0);
        var agreed = new TaskCompletionSource();
        context.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/api/total", StringComparison.Ordinal))
            {
                count = request.Frame.Page == polling ? count + 1 : 1;
                polling = request.Frame.Page;
                if (count == 6)
                {
                    agreed.TrySetResult();
                }
            }
        };
        await agreed.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
