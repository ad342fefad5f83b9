using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>What somebody loads who comes for the first time. How long that takes, <c>SampleIm.Web/measure</c> tells.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class FirstVisitTests : PageTest
{
    private const int MostRequests = 12;
    private const int MostBytes = 95 * 1024;

    [TestMethod]
    public async Task FirstVisit_LoadsFewFilesAndNoneTwice()
    {
        var blank = await OpenAsync();
        var page = await blank.Context.NewPageAsync();
        var requests = new List<IRequest>();
        page.RequestFinished += (_, request) => requests.Add(request);
        await page.GotoAsync(Address.ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.Locator("#signin-username")).ToBeFocusedAsync();

        var loaded = requests.ConvertAll(request => request.Url);
        CollectionAssert.AllItemsAreUnique(loaded);
        Assert.Contains(
            path => path.Contains("/dist/chat.", StringComparison.Ordinal), loaded, "What follows is loaded beside it.");
        Assert.IsLessThanOrEqualTo(MostRequests, loaded.Count, string.Join('\n', loaded));
        var sizes = await Task.WhenAll(requests.Select(request => request.SizesAsync()));
        Assert.IsLessThanOrEqualTo(MostBytes, sizes.Sum(size => size.ResponseHeadersSize + size.ResponseBodySize));
    }

    [TestMethod]
    public async Task SignIn_WithoutTheRestOfThePage_SaysSoAndGoesOn()
    {
        var page = await (await OpenAsync()).Context.NewPageAsync();
        Watch(page);
        await page.RouteAsync("**/dist/chat.*", route => route.AbortAsync());
        await page.GotoAsync(Address.ToString());
        await page.ClickAsync(".js-show-signup");
        await page.FillAsync("#signup-username", "alice");
        await page.FillAsync("#signup-password", Password);
        await page.ClickAsync(".js-signup-submit");
        await Expect(page.Locator(".js-account-notice")).ToContainTextAsync("The server cannot be reached");

        // Without anybody doing anything.
        await page.UnrouteAllAsync();
        await Expect(page.Locator(".js-chat")).ToBeVisibleAsync();
        await SayAsync(page, "In after all");
        await Expect(Saying(page, "In after all")).ToBeVisibleAsync();
    }
}
