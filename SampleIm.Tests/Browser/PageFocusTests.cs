using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>The focus is the reader's: what comes late does not take it from them.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageFocusTests : PageTest
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task ConversationThatOpensLate_LeavesTheFocusInTheSearch(bool isInTheList)
    {
        await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice");
        var opened = new TaskCompletionSource();
        await alice.RouteAsync("**/api/conversations/lobby", async route =>
        {
            await opened.Task;
            await route.ContinueAsync();
        });
        await alice.ReloadAsync();
        await alice.Locator(".js-chat").WaitForAsync();
        await alice.Keyboard.PressAsync("Control+k");
        await alice.Keyboard.TypeAsync("bob");
        var row = alice.Locator(".js-search-row[data-username=bob]");
        await Expect(row).ToBeVisibleAsync();
        if (isInTheList)
        {
            await alice.Keyboard.PressAsync("ArrowDown");
        }

        var focused = isInTheList ? row : alice.Locator(".js-search");
        await Expect(focused).ToBeFocusedAsync();
        opened.SetResult();
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Lobby");
        await Expect(focused).ToBeFocusedAsync();
        await alice.Keyboard.PressAsync("Enter");
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Bob");
        await Expect(alice.Locator(".js-composer-text")).ToBeFocusedAsync();
    }

    [TestMethod]
    public async Task ChosenConversation_TakesTheFocusThoughItsRowIsDrawnAnew()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice");
        await SendManyAsync(bob, "@alice", 1);
        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(alice.Locator(".js-talk-title")).ToHaveTextAsync("Bob");
        await Expect(alice.Locator(".js-composer-text")).ToBeFocusedAsync();
    }
}
