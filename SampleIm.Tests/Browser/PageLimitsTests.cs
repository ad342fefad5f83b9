using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>A server with limits of its own: the page has them from the server, and no numbers of its own.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageLimitsTests : PageTest
{
    protected override Dictionary<string, string> Settings => new()
    {
        ["Messages:MaxLength"] = "50",
        ["Images:MaxBytes"] = "102400",
        ["Images:MaxPixels"] = "90000",
    };

    [TestMethod]
    public async Task Text_IsCountedByTheServersLimit()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.FillAsync(".js-composer-text", new string('x', 51));
        await Expect(alice.Locator(".js-remaining")).ToHaveTextAsync("1 character too many");
        await Expect(alice.Locator(".js-send")).ToBeDisabledAsync();
        await alice.FillAsync(".js-composer-text", new string('x', 50) + "\n");
        await Expect(alice.Locator(".js-remaining")).ToHaveTextAsync("0 characters left");
        await alice.ClickAsync(".js-send");
        await Expect(Text(alice, 1)).ToHaveTextAsync(new string('x', 50));
    }

    [TestMethod]
    public async Task Picture_IsScaledToWhatTheServerTakes_AndTheOriginalRefused()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.SetInputFilesAsync(".js-picture-input", await DrawAsync(alice, 600, 400));
        await Expect(alice.Locator(".js-send")).ToBeEnabledAsync();
        await alice.CheckAsync(".js-originals");
        await Expect(alice.Locator(".js-picture-note")).ToHaveTextAsync("The picture is too large: at most 100 kB.");
        await Expect(alice.Locator(".js-send")).ToBeDisabledAsync();
        await alice.UncheckAsync(".js-originals");
        await Expect(alice.Locator(".js-picture-note")).ToHaveTextAsync("");
        await alice.ClickAsync(".js-send");
        await Expect(Row(alice, 1).Locator(".js-picture img")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }
}
