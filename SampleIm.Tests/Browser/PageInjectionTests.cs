using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>What people write is shown as they wrote it, and never becomes a part of the page.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageInjectionTests : PageTest
{
    private const string Name = "<img src=x onerror=\"document.title='name'\">";

    private static readonly string[] s_texts =
    [
        "<script>document.title='script'</script>",
        "<img src=x onerror=\"document.title='text'\"> & &lt;b&gt; <b onmouseover=1>bold</b>",
        "javascript:document.title='link' and [a](javascript:1) and data:text/html,<b>x</b>",
        "https://example.org/\"onmouseover=\"document.title='link'\"x='<img/src=x>",
        "</div></main><form action=https://evil.example><input name=password>",
    ];

    [TestMethod]
    public async Task TextsAndNames_ThatLookLikeHtml_AreShownAsTheyAre()
    {
        var eve = await SignUpAsync("eve", Name);
        var bob = await SignUpAsync("bob", "Bob");
        foreach (var text in s_texts)
        {
            await SayAsync(eve, text);
            await Expect(Saying(eve, text)).ToHaveCountAsync(1);
        }

        await bob.ClickAsync(".js-conversation[data-id=lobby]");
        for (var seq = 1; seq <= s_texts.Length; seq++)
        {
            await Expect(Text(bob, seq)).ToHaveTextAsync(s_texts[seq - 1]);
        }

        await Expect(bob.Locator(".js-log")).ToContainTextAsync(Name);
        foreach (var page in new[] { eve, bob })
        {
            await Expect(page.Locator("img[src=x], [onerror], [onmouseover], form[action*=evil], .js-log b, .js-log script"))
                .ToHaveCountAsync(0);
            Assert.AreEqual(
                "",
                string.Join(' ', (await LinksAsync(page)).Where(link => !link.StartsWith("https://", StringComparison.Ordinal))));
            Assert.DoesNotContain("name", await page.TitleAsync());
        }
    }

    private static Task<string[]> LinksAsync(IPage page) =>
        page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.js-log a')].map((link) => link.href)");
}
