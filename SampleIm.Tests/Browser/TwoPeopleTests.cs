using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>The main job, as two people live it in two browsers.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class TwoPeopleTests : BrowserTest
{
    [TestMethod]
    public async Task TwoPeople_TalkAndFindEverythingAgainAfterTheServerWasKilled()
    {
        await StartProcessAsync();
        var alice = await SignUpAsync("alice", "Alice");
        var bob = await SignUpAsync("bob", "Bob");
        await Expect(alice.Locator(".js-online-row[data-username=bob]")).ToBeVisibleAsync();
        await Expect(bob.Locator(".js-online-row[data-username=alice]")).ToBeVisibleAsync();

        // In the lobby: text, an edit, a recall.
        await SayAsync(alice, "Hello <b>Bob</b> & all\nsecond line");
        await Expect(Text(bob, 1)).ToHaveTextAsync("Hello <b>Bob</b> & all\nsecond line", new() { UseInnerText = true });
        await SayAsync(bob, "Helo Alice");
        await Expect(Text(alice, 2)).ToHaveTextAsync("Helo Alice");
        await ChooseAsync(bob, 2, ".js-menu-edit");
        await SayAsync(bob, "Hello Alice");
        await Expect(Text(alice, 2)).ToHaveTextAsync("Hello Alice");
        await Expect(Row(alice, 2).Locator(".js-edited")).ToBeVisibleAsync();
        await SayAsync(bob, "My password is hunter2");
        await Expect(Row(alice, 3)).ToBeVisibleAsync();
        await ChooseAsync(bob, 3, ".js-menu-recall");
        await bob.ClickAsync(".js-confirm-yes");
        await Expect(Row(alice, 3)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("message--recalled"));
        await Expect(alice.GetByText("hunter2")).ToHaveCountAsync(0);

        // In private, found by search; unread on the other side.
        await bob.FillAsync(".js-search", "ali");
        await bob.ClickAsync(".js-search-row[data-username=alice]");
        await Expect(bob.Locator(".js-talk-title")).ToHaveTextAsync("Alice");
        await SayAsync(bob, "Just between us");
        await Expect(alice.Locator(".js-conversation[data-id='@bob'] .js-unread")).ToHaveTextAsync("1");
        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(Text(alice, 1)).ToHaveTextAsync("Just between us");
        await Expect(alice.Locator(".js-conversation[data-id='@bob'] .js-unread")).ToBeHiddenAsync();

        // A picture.
        await alice.SetInputFilesAsync(
            ".js-picture-input", new FilePayload { Name = "dot.png", MimeType = "image/png", Buffer = OnePixel });
        await alice.ClickAsync(".js-send");
        await Expect(Row(bob, 2).Locator(".js-picture img")).ToBeVisibleAsync();
        Assert.AreEqual(
            1,
            await Row(bob, 2).Locator(".js-picture img")
                .EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));

        // The server dies and comes back; the page goes on by itself, and what is said meanwhile arrives once.
        await KillProcessAsync();
        await SayAsync(bob, "Said while the server was away");
        await Expect(bob.Locator(".js-connection")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await StartProcessAsync();
        await Expect(Text(alice, 3)).ToHaveTextAsync("Said while the server was away", new() { Timeout = 30_000 });
        await Expect(bob.Locator(".js-connection")).ToBeHiddenAsync(new() { Timeout = 20_000 });
        await Expect(bob.Locator(".js-message[data-seq]")).ToHaveCountAsync(3);

        // Out and in again: all as it was, with what came in between unread.
        await alice.ClickAsync(".js-sign-out");
        await SayAsync(bob, "Are you there?");
        await Expect(Row(bob, 4)).ToBeVisibleAsync();
        await alice.FillAsync("#signin-username", "ALICE");
        await alice.FillAsync("#signin-password", Password);
        await alice.ClickAsync(".js-signin-submit");
        await Expect(alice.Locator(".js-conversation[data-id='@bob'] .js-preview")).ToContainTextAsync("Are you there?");
        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(Text(alice, 4)).ToHaveTextAsync("Are you there?");
        await Expect(Text(alice, 1)).ToHaveTextAsync("Just between us");
    }

    [TestMethod]
    public async Task History_LoadsOlderMessagesAsOneScrollsUp()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.EvaluateAsync("""
            async () => {
                for (let number = 1; number <= 120; number++) {
                    await fetch('/api/conversations/lobby/messages', {
                        method: 'POST', headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ text: `Number ${number}` }),
                    });
                }
            }
            """);
        var bob = await SignUpAsync("bob", "Bob");
        await Expect(Row(bob, 120)).ToBeInViewportAsync();
        await Expect(Row(bob, 1)).ToHaveCountAsync(0);
        for (var scroll = 0; scroll < 30 && await Row(bob, 1).CountAsync() == 0; scroll++)
        {
            await bob.Locator(".js-log").HoverAsync();
            await bob.Mouse.WheelAsync(0, -3000);
            await bob.WaitForTimeoutAsync(150);
        }

        await Expect(Text(bob, 1)).ToHaveTextAsync("Number 1");
        await Expect(bob.Locator(".js-message[data-seq='1']")).ToHaveCountAsync(1);
    }

    private static byte[] OnePixel =>
        Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

    private static ILocator Row(IPage page, int seq) => page.Locator($".js-message[data-seq='{seq}']");

    private static ILocator Text(IPage page, int seq) => Row(page, seq).Locator(".js-text");

    private static async Task SayAsync(IPage page, string text)
    {
        await page.FillAsync(".js-composer-text", text);
        await page.PressAsync(".js-composer-text", "Enter");
    }

    private static async Task ChooseAsync(IPage page, int seq, string item)
    {
        await Row(page, seq).HoverAsync();
        await Row(page, seq).Locator(".js-message-actions").ClickAsync();
        await page.ClickAsync(item);
    }
}
