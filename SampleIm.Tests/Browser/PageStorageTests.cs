using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>A browser that has no room left, that has lost or damaged what it kept, and one whose clock is wrong.</summary>
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
        await page.GotoAsync(new Uri(Address, "#/@alice").ToString());
        await Expect(page.Locator(".js-composer-text")).ToHaveValueAsync("");
        await page.GoBackAsync();
        await Expect(page.Locator(".js-composer-text")).ToHaveValueAsync("Nor for this draft");

        await page.ReloadAsync();
        await Expect(page.Locator(".js-me-name")).ToHaveTextAsync("alice");
    }

    [TestMethod]
    public async Task DamagedStorage_StopsNothing()
    {
        var page = await OpenAsync();
        await SignUpAsync(page);
        await page.RouteAsync("**/messages", route => route.AbortAsync());
        await SayAsync(page, "Still to be sent");
        await page.EvaluateAsync("""
            async () => {
                const odd = ['{', '', 'null', '7', '"x"', '[]', '{}', '{"owner":"alice"}', '\\ud800'];
                odd.forEach((value, index) => localStorage.setItem(`sampleim.outbox.alice/odd-${index}`, value));
                for (const name of ['theme', 'language', 'sound', 'notifications', 'originals', 'user']) {
                    localStorage.setItem(`sampleim.${name}`, '{');
                }
                localStorage.setItem('sampleim.draft.alice/@nobody', '\\ud800');
                localStorage.setItem('sampleim.draft.alice/', 'x');
                localStorage.setItem('sampleim.', 'x');
                const database = await new Promise((resolve, reject) => {
                    const asked = indexedDB.open('sampleim');
                    asked.onsuccess = () => resolve(asked.result);
                    asked.onerror = () => reject(asked.error);
                });
                await new Promise((resolve) => {
                    const transaction = database.transaction('pictures', 'readwrite');
                    [null, 7, 'x', {}, { file: 'x' }, { file: {}, keptAt: 'x' }].forEach((value, index) =>
                        transaction.objectStore('pictures').put(value, `odd-${index}`));
                    transaction.oncomplete = resolve;
                });
                database.close();
            }
            """);
        await page.UnrouteAsync("**/messages");
        await page.ReloadAsync();
        await Expect(Text(page, 1)).ToHaveTextAsync("Still to be sent", new() { Timeout = 20_000 });
        await Expect(page.Locator(".js-message")).ToHaveCountAsync(1);
        await SayAsync(page, "And more");
        await Expect(Text(page, 2)).ToHaveTextAsync("And more");
        var left = await page.EvaluateAsync<string[]>(
            "Object.keys(localStorage).filter((key) => key.startsWith('sampleim.outbox.'))");
        Assert.IsEmpty(left);
    }

    [TestMethod]
    public async Task LostStorage_WithAGoodCookie_LeadsIntoTheChat_WithoutAFormInBetween()
    {
        var page = await OpenAsync();
        await SignUpAsync(page);
        await page.EvaluateAsync("localStorage.clear()");
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayBeAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/api/account?ifSignedIn=true", async route =>
        {
            isAsked.TrySetResult();
            await mayBeAnswered.Task;
            await route.ContinueAsync();
        });
        await page.ReloadAsync();
        await isAsked.Task;
        Assert.IsFalse(await page.Locator(".js-account").IsVisibleAsync(), "Nobody knows yet whether it is needed.");
        mayBeAnswered.SetResult();
        await Expect(page.Locator(".js-me-name")).ToHaveTextAsync("alice");
        await Expect(page.Locator(".js-account")).ToBeHiddenAsync();
    }

    [TestMethod]
    public async Task LostStorage_WhileTheServerIsAway_AsksUntilItIsBack()
    {
        var page = await OpenAsync();
        await SignUpAsync(page);
        await page.EvaluateAsync("localStorage.clear()");
        await page.RouteAsync("**/api/account?ifSignedIn=true", route => route.AbortAsync());
        await page.ReloadAsync();
        await Expect(page.Locator(".js-connection")).ToBeVisibleAsync();
        await Expect(page.Locator(".js-account")).ToBeHiddenAsync();
        await page.UnrouteAsync("**/api/account?ifSignedIn=true");
        await Expect(page.Locator(".js-me-name")).ToHaveTextAsync("alice", new() { Timeout = 45_000 });
        await Expect(page.Locator(".js-connection")).ToBeHiddenAsync();

        await page.EvaluateAsync("localStorage.clear()");
        await page.Context.ClearCookiesAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("#signin-username")).ToBeFocusedAsync();
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
