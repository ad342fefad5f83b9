using Microsoft.Playwright;

namespace SampleIm.Tests.Browser;

/// <summary>What the tests of the page have in common: a room to talk in, and things to say.</summary>
public abstract class PageTest : BrowserTest
{
    protected static ILocator Row(IPage page, int seq) => page.Locator($".js-message[data-seq='{seq}']");

    protected static ILocator Text(IPage page, int seq) => Row(page, seq).Locator(".js-text");

    protected static ILocator Saying(IPage page, string text) => page.Locator(".js-message", new() { HasText = text });

    protected static async Task SayAsync(IPage page, string text)
    {
        await page.FillAsync(".js-composer-text", text);
        await page.PressAsync(".js-composer-text", "Enter");
    }

    /// <summary>Sends by the API what nobody wants to type.</summary>
    protected static Task SendManyAsync(IPage page, string conversation, int count) => page.EvaluateAsync("""
        async ([conversation, count]) => {
            const path = `/api/conversations/${encodeURIComponent(conversation)}/messages`;
            for (let sent = 0; sent < count; sent += 50) {
                const numbers = Array.from({ length: Math.min(50, count - sent) }, (_, index) => sent + index + 1);
                await Promise.all(numbers.map((number) => fetch(path, {
                    method: 'POST', headers: { 'Content-Type': 'application/json' },
                    body: JSON.stringify({ text: `Number ${number}` }),
                })));
            }
        }
        """, new object[] { conversation, count });

    /// <summary>A picture that the page draws: noise, so that no format makes it small.</summary>
    protected static async Task<FilePayload> DrawAsync(IPage page, int width, int height, string type = "image/png")
    {
        var base64 = await page.EvaluateAsync<string>("""
            async ([width, height, type]) => {
                const canvas = Object.assign(document.createElement('canvas'), { width, height });
                const pen = canvas.getContext('2d');
                const image = pen.createImageData(width, height);
                for (let index = 0; index < image.data.length; index += 65536) {
                    crypto.getRandomValues(image.data.subarray(index, index + 65536));
                }
                for (let index = 3; index < image.data.length; index += 4) {
                    image.data[index] = 255;
                }
                pen.putImageData(image, 0, 0);
                return canvas.toDataURL(type).split(',')[1];
            }
            """, new object[] { width, height, type });
        return new() { Name = "noise", MimeType = type, Buffer = Convert.FromBase64String(base64) };
    }
}
