using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>Long conversations.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageMessagesTests : PageTest
{
    private const int MostRows = 300;

    [TestMethod]
    public async Task TwoPeopleOfOneName_AreNotTakenForEachOther()
    {
        var alice = await SignUpAsync("alice", "Sam");
        var bob = await SignUpAsync("bob", "Sam");
        var preview = alice.Locator(".js-conversation[data-id=lobby] .js-preview");
        await SayAsync(bob, "Not hers");
        await Expect(preview).ToHaveTextAsync("Sam: Not hers");
        await SayAsync(alice, "Hers");
        await Expect(preview).ToHaveTextAsync("You: Hers");
        await Expect(bob.Locator(".js-conversation[data-id=lobby] .js-preview")).ToHaveTextAsync("Sam: Hers");
    }

    [TestMethod]
    public async Task FiveThousandMessages_NeedAtMostThreeHundredRows()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice");
        await SendManyAsync(bob, "@alice", 5000);
        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(Row(alice, 1)).ToBeInViewportAsync();

        Assert.IsInRange(1, MostRows, await ScrollAsync(alice, up: false, untilSeq: 5000));
        Assert.IsInRange(1, MostRows, await ScrollAsync(alice, up: true, untilSeq: 1));
        await Expect(Text(alice, 1)).ToContainTextAsync("Number");
        Assert.IsInRange(1, MostRows, await ScrollAsync(alice, up: false, untilSeq: 5000));
        await alice.EvaluateAsync("() => { const log = document.querySelector('.js-log'); log.scrollTop = log.scrollHeight; }");
        await Expect(alice.Locator(".js-conversation[data-id='@bob'] .js-unread")).ToBeHiddenAsync();

        // From far up, one step to the end; what comes meanwhile is counted on the button.
        await ScrollAsync(alice, up: true, untilSeq: 4000);
        await SendManyAsync(bob, "@alice", 2);
        await Expect(alice.Locator(".js-to-latest-text")).ToHaveTextAsync("2 new messages");
        await alice.ClickAsync(".js-to-latest");
        await Expect(Row(alice, 5002)).ToBeInViewportAsync();
        await Expect(alice.Locator(".js-to-latest")).ToBeHiddenAsync();
        await Expect(alice.Locator(".js-conversation[data-id='@bob'] .js-unread")).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task UnreadLine_StandsWhereTheReaderLeftOff()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice", width: 360, height: 740);
        await SayAsync(bob, "Before");
        await alice.ClickAsync(".js-conversation[data-id=lobby]");
        await Expect(Text(alice, 1)).ToBeVisibleAsync();
        await Expect(alice.Locator(".js-conversation[data-id=lobby] .js-unread")).ToBeHiddenAsync();
        await alice.ClickAsync(".js-back");
        await SendManyAsync(bob, "lobby", 60);
        await Expect(alice.Locator(".js-conversation[data-id=lobby] .js-unread")).ToHaveTextAsync("60");
        await alice.ClickAsync(".js-conversation[data-id=lobby]");
        await Expect(alice.Locator(".js-unread-line")).ToBeInViewportAsync();
        await Expect(alice.Locator(".js-unread-line + .js-message")).ToHaveAttributeAsync("data-seq", "2");
    }

    [TestMethod]
    [DataRow(1440, 900)]
    [DataRow(360, 740)]
    public async Task UnreadLine_StandsWhereTheReaderLeftOffHoweverMuchCameSince(int width, int height)
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice", width, height);
        await SendManyAsync(bob, "@alice", 40);
        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await alice.ClickAsync(".js-to-latest");
        await Expect(Row(alice, 40)).ToBeInViewportAsync();
        await alice.GotoAsync(new Uri(Address, "#/").ToString());
        var unread = alice.Locator(".js-conversation[data-id='@bob'] .js-unread");
        await Expect(unread).ToBeHiddenAsync();
        await SendManyAsync(bob, "@alice", 400);
        await Expect(unread).ToHaveTextAsync("99+");
        await alice.ReloadAsync();

        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(alice.Locator(".js-unread-line")).ToBeInViewportAsync();
        await Expect(alice.Locator(".js-unread-line + .js-message")).ToHaveAttributeAsync("data-seq", "41");
        await Expect(alice.Locator(".js-to-latest-text")).ToHaveTextAsync("400 new messages");
        await ScrollAsync(alice, up: false, untilSeq: 300);
        await Expect(alice.Locator(".js-to-latest-text")).ToHaveTextAsync("400 new messages");
        await alice.ClickAsync(".js-to-latest");
        await Expect(Row(alice, 440)).ToBeInViewportAsync();
        await Expect(alice.Locator(".js-unread-line")).ToHaveCountAsync(0);
        await Expect(alice.Locator(".js-to-latest")).ToBeHiddenAsync();
        await Expect(alice).ToHaveTitleAsync("Bob · SampleIm");

        // All is there on the way back, and the line where it was.
        await ScrollAsync(alice, up: true, untilSeq: 35);
        await Expect(alice.Locator(".js-unread-line + .js-message")).ToHaveAttributeAsync("data-seq", "41");
    }

    [TestMethod]
    public async Task OwnMessage_IsInSightAlthoughMuchWasUnread()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice");
        await SendManyAsync(bob, "@alice", 300);
        await alice.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(Row(alice, 1)).ToBeInViewportAsync();
        await SayAsync(alice, "I shall read all this later");
        await Expect(Text(alice, 301)).ToHaveTextAsync("I shall read all this later");
        await Expect(Row(alice, 301)).ToBeInViewportAsync();
        await Expect(Row(alice, 300)).ToHaveCountAsync(1);
    }

    [TestMethod]
    public async Task OlderMessages_LoadWithoutMovingWhatIsRead()
    {
        var bob = await SignUpAsync("bob", "Bob");
        await SendManyAsync(bob, "lobby", 200);
        var alice = await SignUpAsync("alice", "Alice");
        await Expect(alice.Locator(".js-message[data-seq]").First).ToBeVisibleAsync();
        await alice.EvaluateAsync("() => { document.querySelector('.js-log').scrollTop = 700; }");
        await alice.WaitForTimeoutAsync(500);
        var oldest = await OldestAsync(alice);
        var seq = await alice.EvaluateAsync<string>("""
            () => [...document.querySelectorAll('.js-message')].find((row) => row.getBoundingClientRect().top > 150).dataset.seq
            """);
        await alice.EvaluateAsync("() => { document.querySelector('.js-log').scrollTop -= 200; }");
        var before = await TopAsync(alice, seq);
        await alice.WaitForFunctionAsync(
            "(oldest) => Number(document.querySelector('.js-message').dataset.seq) < oldest", oldest);
        Assert.AreEqual(before, await TopAsync(alice, seq), delta: 2);
    }

    [TestMethod]
    public async Task Log_StaysAtItsEndWhenALongTextTakesThePlaceOfAnother()
    {
        var bob = await SignUpAsync("bob", "Bob");
        await SendManyAsync(bob, "lobby", 40);
        var alice = await SignUpAsync("alice", "Alice");
        await Expect(Row(alice, 40)).ToBeInViewportAsync();
        foreach (var word in new[] { "first ", "second " })
        {
            await alice.FillAsync(".js-composer-text", string.Concat(Enumerable.Repeat(word, 300)));
            await alice.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await Expect(alice.Locator(".js-to-latest")).ToBeHiddenAsync();
            await Expect(Row(alice, 40)).ToBeInViewportAsync(new() { Ratio = 1 });
        }
    }

    private static Task<int> OldestAsync(IPage page) =>
        page.EvaluateAsync<int>("() => Number(document.querySelector('.js-message').dataset.seq)");

    private static Task<double> TopAsync(IPage page, string seq) =>
        page.Locator($".js-message[data-seq='{seq}']").EvaluateAsync<double>("row => row.getBoundingClientRect().top");

    /// <summary>Scrolls as a hand does, and answers the greatest number of rows on the way.</summary>
    private static Task<int> ScrollAsync(IPage page, bool up, int untilSeq) => page.EvaluateAsync<int>("""
        async ([step, seq]) => {
            const log = document.querySelector('.js-log');
            let most = 0;
            for (let turn = 0; turn < 5000 && !document.querySelector(`[data-seq="${seq}"]`); turn += 1) {
                log.scrollTop += step;
                await new Promise(requestAnimationFrame);
                most = Math.max(most, document.querySelectorAll('.js-log-rows > *').length);
            }
            return most;
        }
        """, new object[] { up ? -700 : 700, untilSeq });
}
