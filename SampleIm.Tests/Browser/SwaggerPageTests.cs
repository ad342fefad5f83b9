using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Browser;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SwaggerPageTests : BrowserTest
{
    [TestMethod]
    public async Task Picture_ThatIsFetched_IsShown()
    {
        var page = await SignUpAsync("alice", "Alice");
        await page.GotoAsync(new Uri(Address, "/swagger/index.html").ToString());
        var id = await page.EvaluateAsync<string>("""
            async () => {
              const canvas = document.createElement("canvas");
              [canvas.width, canvas.height] = [3, 2];
              const png = await new Promise((resolve) => canvas.toBlob(resolve));
              const form = new FormData();
              form.append("file", png, "picture.png");
              const answer = await fetch("/api/images", { method: "POST", body: form });
              return (await answer.json()).id;
            }
            """);
        var call = await OpenCallAsync(page, "GetImage");
        await call.Locator("tr[data-param-name=id] input").FillAsync(id);
        await call.Locator("button.execute").ClickAsync();
        var picture = call.Locator(".live-responses-table img");
        await picture.WaitForAsync();
        await Assertions.Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 3);
    }

    [TestMethod]
    public async Task Send_OffersNoClientId()
    {
        var page = await OpenAsync();
        await page.GotoAsync(new Uri(Address, "/swagger/index.html").ToString());
        var body = (await OpenCallAsync(page, "SendMessage")).Locator("textarea.body-param__text");
        await body.WaitForAsync();
        Assert.AreEqual("""{"text":"hello"}""", Regex.Replace(await body.InputValueAsync(), @"\s", ""));
    }

    [TestMethod]
    public async Task SignIn_IsOfferedByTokenOnly_BecauseNoScriptCanSetACookie()
    {
        var page = await OpenAsync();
        await page.GotoAsync(new Uri(Address, "/swagger/index.html").ToString());
        await page.Locator("button.authorize").First.ClickAsync();
        await page.Locator("#auth-bearer-value").WaitForAsync();
        Assert.AreEqual(1, await page.Locator(".auth-container input:visible").CountAsync());
    }

    private static async Task<ILocator> OpenCallAsync(IPage page, string id)
    {
        var call = page.Locator($".opblock[id$='-{id}']");
        await call.Locator(".opblock-summary").ClickAsync();
        return call;
    }
}
