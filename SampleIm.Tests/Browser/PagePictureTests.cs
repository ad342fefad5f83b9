using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>Pictures: chosen, scaled down, on their way, and looked at.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PagePictureTests : PageTest
{
    [TestMethod]
    public async Task Upload_ShowsItsProgressAndCanBeCancelled()
    {
        var alice = await SignUpAsync("alice", "Alice");
        var picture = await DrawAsync(alice, 700, 500);
        var network = await alice.Context.NewCDPSessionAsync(alice);
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false,
            ["latency"] = 0,
            ["downloadThroughput"] = -1,
            ["uploadThroughput"] = 150_000,
        });
        await Expect(alice.Locator(".js-composer")).ToBeVisibleAsync();
        await alice.SetInputFilesAsync(".js-picture-input", picture);
        await Expect(alice.Locator(".js-picture-image")).ToHaveCountAsync(1);
        await Expect(alice.Locator(".js-send")).ToBeEnabledAsync();
        await alice.ClickAsync(".js-send");

        await Expect(alice.Locator(".js-progress")).ToBeVisibleAsync();
        await alice.WaitForFunctionAsync(
            "() => { const { value } = document.querySelector('.js-progress'); return value > 0 && value < 1; }");
        await alice.ClickAsync(".js-discard");
        await Expect(alice.Locator(".js-message")).ToHaveCountAsync(0);
        await Expect(alice.Locator(".js-composer-text")).ToBeFocusedAsync();
    }

    [TestMethod]
    public async Task LargePhoto_IsScaledDownUnlessTheOriginalIsWanted()
    {
        var alice = await SignUpAsync("alice", "Alice");
        var photo = await DrawAsync(alice, 2600, 1300, "image/jpeg");
        await SendAsync(alice, photo);
        await Expect(Row(alice, 1).Locator(".js-picture img")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await ExpectWidthAsync(alice, 1, 2048);

        await alice.SetInputFilesAsync(".js-picture-input", photo);
        await alice.CheckAsync(".js-originals");
        await Expect(alice.Locator(".js-send")).ToBeEnabledAsync();
        await alice.ClickAsync(".js-send");
        await Expect(Row(alice, 2).Locator(".js-picture img")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await ExpectWidthAsync(alice, 2, 2600);
    }

    [TestMethod]
    public async Task Lightbox_GoesThroughThePicturesByKeyboard()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await SendAsync(alice, await DrawAsync(alice, 60, 40), await DrawAsync(alice, 50, 50));
        await Expect(alice.Locator(".js-message[data-seq] .js-picture")).ToHaveCountAsync(2);
        await Row(alice, 1).Locator(".js-picture").PressAsync("Enter");
        await Expect(alice.Locator(".js-lightbox-place")).ToHaveTextAsync("1 of 2");
        await alice.Keyboard.PressAsync("ArrowRight");
        await Expect(alice.Locator(".js-lightbox-place")).ToHaveTextAsync("2 of 2");
        await alice.Keyboard.PressAsync("+");
        await Expect(alice.Locator(".js-lightbox-frame")).ToHaveClassAsync(new Regex("zoomed"));
        await alice.Keyboard.PressAsync("Escape");
        await Expect(alice.Locator(".js-lightbox")).ToBeHiddenAsync();
        await Expect(Row(alice, 1).Locator(".js-picture")).ToBeFocusedAsync();
    }

    [TestMethod]
    public async Task NarrowPicture_FillsItsBubbleAndLeavesRoomForTheButtonBesideIt()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await SendAsync(alice, await DrawAsync(alice, 80, 300));
        var image = await BoxAsync(Row(alice, 1).Locator(".js-picture img"));
        var bubble = await BoxAsync(Row(alice, 1).Locator(".js-bubble"));
        var button = await BoxAsync(Row(alice, 1).Locator(".js-message-actions"));
        Assert.IsLessThanOrEqualTo(20, bubble.Width - image.Width);
        Assert.AreEqual(image.X - bubble.X, bubble.X + bubble.Width - image.X - image.Width, delta: 1);
        Assert.IsLessThanOrEqualTo(bubble.X, button.X + button.Width);
    }

    /// <summary>A file manager puts the name of a file beside it, and not every system knows its type.</summary>
    [TestMethod]
    [DataRow("paste", "image/png", "text/plain")]
    [DataRow("paste", "", "text/plain")]
    [DataRow("paste", "image/jpg", "text/html")]
    [DataRow("drop", "image/jpg", "text/plain")]
    [DataRow("drop", "", "text/plain text/html")]
    public async Task File_IsTakenWhateverComesWithIt(string way, string type, string beside)
    {
        var alice = await SignUpAsync("alice", "Alice");
        await Expect(alice.Locator(".js-composer")).ToBeVisibleAsync();
        var picture = await DrawAsync(alice, 20, 10, type == "image/jpg" ? "image/jpeg" : "image/png");
        Assert.IsTrue(
            await TransferAsync(alice, way, new() { Name = "noise", MimeType = type, Buffer = picture.Buffer }, beside));
        await Expect(alice.Locator(".js-picture-image")).ToHaveCountAsync(1);
        await Expect(alice.Locator(".js-composer-text")).ToHaveValueAsync("");
        await Expect(alice.Locator(".js-send")).ToBeEnabledAsync();
        await alice.ClickAsync(".js-send");
        await Expect(Row(alice, 1).Locator(".js-picture img")).ToBeVisibleAsync();
    }

    [TestMethod]
    public async Task StyledText_IsPastedAsTextAndWhatIsNoPictureIsRefused()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await Expect(alice.Locator(".js-composer")).ToBeVisibleAsync();
        var picture = await DrawAsync(alice, 20, 10);
        Assert.IsFalse(
            await TransferAsync(alice, "paste", picture, "text/plain text/html"), "The text of a table is not pasted.");
        Assert.IsFalse(
            await TransferAsync(alice, "paste", picture, "text/plain text/rtf"), "The text of a document is not pasted.");
        Assert.IsTrue(
            await TransferAsync(
                alice, "paste", new() { Name = "a.png", MimeType = "image/png", Buffer = "words"u8.ToArray() }, "text/plain"));
        await Expect(alice.Locator(".toast")).ToHaveTextAsync("Only PNG, JPEG, GIF and WebP pictures can be sent.");
        await Expect(alice.Locator(".js-picture-image")).ToHaveCountAsync(0);
    }

    [TestMethod]
    public async Task TinyPicture_CanBeTouched()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await SendAsync(alice, await DrawAsync(alice, 2, 2));
        await Expect(Row(alice, 1).Locator(".js-picture img")).ToBeVisibleAsync();
        var button = await BoxAsync(Row(alice, 1).Locator(".js-picture"));
        Assert.IsGreaterThanOrEqualTo(40, Math.Min(button.Width, button.Height));
    }

    /// <summary>Pastes or drops a file; answers whether the page has taken it from the browser.</summary>
    private static Task<bool> TransferAsync(IPage page, string way, FilePayload file, string beside) =>
        page.EvaluateAsync<bool>("""
        ([way, name, type, base64, beside]) => {
            const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type }));
            beside.split(' ').forEach((kind) => transfer.setData(kind, name));
            const options = { bubbles: true, cancelable: true, clipboardData: transfer, dataTransfer: transfer };
            const event = way === 'paste' ? new ClipboardEvent(way, options) : new DragEvent(way, options);
            document.querySelector('.js-composer-text').dispatchEvent(event);
            return event.defaultPrevented;
        }
        """, new object[] { way, file.Name, file.MimeType, Convert.ToBase64String(file.Buffer), beside });

    private static async Task<LocatorBoundingBoxResult> BoxAsync(ILocator element) => (await element.BoundingBoxAsync())!;

    private static async Task SendAsync(IPage page, params FilePayload[] pictures)
    {
        await Expect(page.Locator(".js-composer")).ToBeVisibleAsync();
        await page.SetInputFilesAsync(".js-picture-input", pictures);
        await Expect(page.Locator(".js-picture-image")).ToHaveCountAsync(pictures.Length);
        await Expect(page.Locator(".js-send")).ToBeEnabledAsync();
        await page.ClickAsync(".js-send");
    }

    private static async Task ExpectWidthAsync(IPage page, int seq, int widthPx)
    {
        var width = await Row(page, seq).Locator(".js-picture img")
            .EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)");
        Assert.AreEqual(widthPx, width);
    }
}
