using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>A browser that has no room left, and one whose clock is wrong.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageStorageTests : PageTest
{
    [TestMethod]
    public async Task FullStorage_KeepsNobodyFromSigningInWritingAndComingBack()
    {
        var page = await OpenAsync();
        await FillStorageAsync(page);
        await SignUpAsync(page);
        await SayAsync(page, "There is no room for this");
        await Expect(Text(page, 1)).ToHaveTextAsync("There is no room for this");
        await Expect(page.Locator(".js-message[data-client-id]")).ToHaveCountAsync(0);

        await page.FillAsync(".js-composer-text", "Nor for this draft");
        await page.GotoAsync(new Uri(Server.Address, "#/@alice").ToString());
        await Expect(page.Locator(".js-composer-text")).ToHaveValueAsync("");
        await page.GoBackAsync();
        await Expect(page.Locator(".js-composer-text")).ToHaveValueAsync("Nor for this draft");

        await page.ReloadAsync();
        await Expect(page.Locator(".js-me-name")).ToHaveTextAsync("alice");
    }

    [TestMethod]
    [DataRow(-30)]
    [DataRow(30)]
    public async Task WrongClock_ShowsWhatWasJustSaidUnderToday(int hours)
    {
        var page = await OpenAsync();
        await page.Context.Clock.SetSystemTimeAsync(DateTime.UtcNow.AddHours(hours));
        await page.ReloadAsync();
        await SignUpAsync(page);
        await page.RouteAsync("**/messages", route => route.AbortAsync());
        await SayAsync(page, "Not yet sent");
        await Expect(page.Locator(".js-line-text")).ToHaveTextAsync(["Today"]);
        await page.UnrouteAsync("**/messages");
        await Expect(Text(page, 1)).ToHaveTextAsync("Not yet sent", new() { Timeout = 20_000 });
        await Expect(page.Locator(".js-line-text")).ToHaveTextAsync(["Today"]);
    }

    private static async Task SignUpAsync(IPage page)
    {
        await page.ClickAsync(".js-show-signup");
        await page.FillAsync("#signup-username", "alice");
        await page.FillAsync("#signup-password", Password);
        await page.ClickAsync(".js-signup-submit");
        await Expect(page.Locator(".js-composer")).ToBeVisibleAsync();
    }

    /// <summary>To the last character.</summary>
    private static async Task FillStorageAsync(IPage page) => await page.EvaluateAsync("""
        () => {
            for (let size = 2 ** 22; size >= 1; size /= 2) {
                try {
                    for (let part = 0; part < 10; part += 1) {
                        localStorage.setItem(`filler-${size}-${part}`, 'x'.repeat(size));
                    }
                } catch {
                    // Smaller ones may still have room.
                }
            }
        }
        """);
}
