using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>Texts and names of every direction and height leave their neighbours alone.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageTextsTests : PageTest
{
    private const string Greeting = "שלום עולם!";
    private const string ArabicName = "سارة المنصوري!";

    [TestMethod]
    public async Task RightToLeft_RunsInItsOwnDirectionAndTurnsNothingBesideIt()
    {
        var sarah = await SignUpAsync("sarah", ArabicName);
        var bob = await SignUpAsync("bob", "Bob");
        await sarah.FillAsync(".js-composer-text", Greeting);
        Assert.AreEqual("rtl", await DirectionAsync(sarah.Locator(".js-composer-text")));
        await sarah.PressAsync(".js-composer-text", "Enter");
        await Expect(Text(bob, 1)).ToHaveTextAsync(Greeting);

        Assert.AreEqual("rtl", await DirectionAsync(Text(bob, 1)));
        await ExpectLastIsLeftAsync(Text(bob, 1), Greeting);
        await ExpectLastIsLeftAsync(bob.Locator(".js-conversation[data-id=lobby] .js-preview"), Greeting);
        foreach (var name in new[] { Row(bob, 1).Locator(".js-sender"), bob.Locator(".js-online-row[data-username=sarah] "
            + ".js-title") })
        {
            await ExpectLastIsLeftAsync(name, ArabicName);
            Assert.AreEqual("isolate", await name.EvaluateAsync<string>("name => getComputedStyle(name).unicodeBidi"));
        }

        await ExpectLastIsLeftAsync(sarah.Locator(".js-me-name"), ArabicName);
        await bob.ClickAsync(".js-online-row[data-username=sarah]");
        await Expect(bob).ToHaveTitleAsync($"\u2068{ArabicName}\u2069 · SampleIm");
        await ExpectLastIsLeftAsync(bob.Locator(".js-talk-title"), ArabicName);
        await SayAsync(bob, $"{Greeting}\nHello, world!\nhttps://example.com/{Greeting}");
        await Expect(Text(bob, 1)).ToBeVisibleAsync();
        await ExpectLastIsLeftAsync(Text(bob, 1), "Hello, world!", isLeft: false);
        await ExpectLastIsLeftAsync(Text(bob, 1), "https://example.com", isLeft: false);
    }

    /// <summary>What is too long is cut at its own end, so that its first letters can be read.</summary>
    [TestMethod]
    public async Task LongName_IsCutAtItsEnd()
    {
        var name = string.Concat(Enumerable.Repeat("منصوري ", 9)).Trim();
        var alice = await SignUpAsync("alice", "Alice", 390, 844);
        await SignUpAsync("sarah", name);
        await alice.FillAsync(".js-search", "sarah");
        var title = alice.Locator(".js-search-row .js-title");
        await Expect(title).ToHaveTextAsync(name);
        Assert.IsTrue(
            await title.EvaluateAsync<bool>("title => title.scrollWidth > title.clientWidth"),
            "The name is not too long for its line.");
        Assert.IsTrue(await title.EvaluateAsync<bool>("""
            title => {
                const range = document.createRange();
                range.setStart(title.firstChild, 0);
                range.setEnd(title.firstChild, 1);
                const [letter, box] = [range.getBoundingClientRect(), title.getBoundingClientRect()];
                return letter.left >= box.left && letter.right <= box.right + 1;
            }
            """), "The beginning of the name is cut off.");
    }

    [TestMethod]
    [DataRow("en-US", "Show all", "Show less")]
    [DataRow("zh-CN", "显示全部", "收起")]
    public async Task TallMessage_IsFoldedUntilAllOfItIsWanted(string language, string showAll, string showLess)
    {
        var alice = await SignUpAsync("alice", "Alice", language: language);
        await SayAsync(alice, "Short");
        await SayAsync(alice, string.Concat(Enumerable.Range(1, 199).Select(line => $"Line {line}\n")) + "https://example.com/");
        await Expect(Row(alice, 2)).ToBeVisibleAsync();
        await Expect(Row(alice, 1).Locator(".js-show-all")).ToBeHiddenAsync();
        var button = Row(alice, 2).Locator(".js-show-all");
        await Expect(button).ToHaveTextAsync(showAll);
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "false");
        var foldedPx = await HeightAsync(Text(alice, 2));
        Assert.IsLessThan(alice.ViewportSize!.Height, foldedPx);

        await alice.FocusAsync(".js-log");
        await alice.Keyboard.PressAsync("ArrowUp");
        await Expect(Row(alice, 2)).ToBeFocusedAsync();
        await button.FocusAsync();
        var topPx = (await Row(alice, 2).BoundingBoxAsync())!.Y;
        await alice.Keyboard.PressAsync("Enter");
        await Expect(button).ToHaveTextAsync(showLess);
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        Assert.IsGreaterThan(5 * foldedPx, await HeightAsync(Text(alice, 2)));
        Assert.AreEqual(topPx, (await Row(alice, 2).BoundingBoxAsync())!.Y, delta: 2);

        await button.PressAsync("Enter");
        Assert.AreEqual(foldedPx, await HeightAsync(Text(alice, 2)), delta: 1);
        await Expect(button).ToBeInViewportAsync();
        await Expect(button).ToBeFocusedAsync();

        await Row(alice, 2).Locator(".js-text a").FocusAsync();
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(Row(alice, 2).Locator(".js-text a")).ToBeInViewportAsync();
    }

    [TestMethod]
    public async Task TallMessage_ThatCameWhileAPhoneShowedTheList_IsFoldedToo()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var alice = await SignUpAsync("alice", "Alice", 360, 740);
        await alice.ClickAsync(".js-conversation[data-id=lobby]");
        await Expect(alice.Locator(".js-composer")).ToBeVisibleAsync();
        await alice.ClickAsync(".js-back");
        await SayAsync(bob, $"First{new string('\n', 3000)}last");
        await Expect(alice.Locator(".js-conversation[data-id=lobby] .js-preview")).ToContainTextAsync("First");
        await alice.ClickAsync(".js-conversation[data-id=lobby]");
        await Expect(Row(alice, 1).Locator(".js-show-all")).ToBeVisibleAsync();
        Assert.IsLessThan(740, await HeightAsync(Text(alice, 1)));
    }

    /// <summary>
    /// Whether a font stacks the marks differs, so that a shadow stands for what such a font draws far above and below the line:
    /// both are ink outside the boxes. The pixels of the neighbours are the same with it and without.
    /// </summary>
    [TestMethod]
    public async Task ManyMarks_StayInTheirBubble()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await SayAsync(alice, "Above");
        await SayAsync(alice, "Z" + string.Concat(Enumerable.Repeat("\u0301\u0323", 40)));
        await SayAsync(alice, "Below");
        await Expect(Row(alice, 3)).ToBeVisibleAsync();
        Assert.IsLessThan(
            3 * await HeightAsync(Row(alice, 1)), await HeightAsync(Row(alice, 2)), "The marks make the line taller.");
        await alice.Mouse.MoveAsync(0, 0);

        var still = await NeighboursAsync(alice);
        await alice.AddStyleTagAsync(new() { Url = await ShadowAsync(alice) });
        var beside = await NeighboursAsync(alice);
        CollectionAssert.AreEqual(still[0], beside[0], "The message above is drawn over.");
        CollectionAssert.AreEqual(still[1], beside[1], "The message below is drawn over.");

        // The premise: without the clip they would be.
        await Row(alice, 2).Locator(".js-bubble").EvaluateAsync("bubble => { bubble.style.overflow = 'visible'; }");
        CollectionAssert.AreNotEqual(still[0], (await NeighboursAsync(alice))[0], "The shadow does not reach the neighbours.");
    }

    private static async Task<byte[][]> NeighboursAsync(IPage page) =>
    [
        await Row(page, 1).Locator(".js-bubble").ScreenshotAsync(),
        await Row(page, 3).Locator(".js-bubble").ScreenshotAsync(),
    ];

    /// <summary>The policy of the page refuses inline styles: the server "has" a style sheet more.</summary>
    private static async Task<string> ShadowAsync(IPage page)
    {
        await page.RouteAsync("**/shadow.css", route => route.FulfillAsync(new()
        {
            ContentType = "text/css",
            Body = "[data-seq='2'] .js-text { text-shadow: 0 -40px 0 red, 0 40px 0 red, 20px -40px 0 red, 20px 40px 0 red; }",
        }));
        return new Uri(new Uri(page.Url), "shadow.css").ToString();
    }

    private static async Task<float> HeightAsync(ILocator element) => (await element.BoundingBoxAsync())!.Height;

    private static Task<string> DirectionAsync(ILocator element) =>
        element.EvaluateAsync<string>("element => getComputedStyle(element).direction");

    /// <summary>
    /// Where the last character of a part of the element's text stands beside the first one: in no font elsewhere.
    /// </summary>
    private static async Task ExpectLastIsLeftAsync(ILocator element, string part, bool isLeft = true)
    {
        var actual = await element.EvaluateAsync<bool>("""
            (element, part) => {
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                while (walker.nextNode() && !walker.currentNode.data.includes(part)) {}
                const node = walker.currentNode;
                const begin = node.data.indexOf(part);
                const leftAt = (index) => {
                    const range = document.createRange();
                    range.setStart(node, index);
                    range.setEnd(node, index + 1);
                    return range.getBoundingClientRect().left;
                };
                return leftAt(begin + part.length - 1) < leftAt(begin);
            }
            """, part);
        Assert.AreEqual(isLeft, actual, part);
    }
}
