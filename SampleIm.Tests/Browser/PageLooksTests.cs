using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>Both sizes, languages and themes; by keyboard and for those who do not see it.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageLooksTests : PageTest
{
    [TestMethod]
    [DataRow(1440, 900, "en-US")]
    [DataRow(1440, 900, "zh-CN")]
    [DataRow(360, 740, "en-US")]
    [DataRow(360, 740, "zh-CN")]
    public async Task EveryScreen_HasNoViolationOfAccessibilityRules(int width, int height, string language)
    {
        var page = await OpenAsync(width, height, language);
        await Expect(page.Locator(".js-signin-form")).ToBeVisibleAsync();
        await CheckAsync(page, "sign-in");
        await page.ClickAsync(".js-signin-submit");
        await CheckAsync(page, "sign-in, refused");
        await page.ClickAsync(".js-show-signup");
        await page.FillAsync("#signup-username", "alice");
        await page.FillAsync("#signup-password", Password);
        await CheckAsync(page, "sign-up");
        await page.ClickAsync(".js-signup-submit");
        await page.Locator(".js-chat").WaitForAsync();
        await CheckAsync(page, "list");
        await page.ClickAsync(".js-conversation[data-id=lobby]");
        await SayAsync(page, "Hello https://example.org 👋");
        await Expect(Row(page, 1)).ToBeVisibleAsync();
        await CheckAsync(page, "talk");
        await page.ClickAsync(".js-emoji-button");
        await Expect(page.Locator("emoji-picker .emoji").First).ToBeVisibleAsync();
        await CheckAsync(page, "emoji");
        await page.Keyboard.PressAsync("Escape");
        await page.SetInputFilesAsync(".js-picture-input", await DrawAsync(page, 40, 30));
        await Expect(page.Locator(".js-send")).ToBeEnabledAsync();
        await CheckAsync(page, "picture to send");
        await page.ClickAsync(".js-send");
        await Row(page, 2).Locator(".js-picture").ClickAsync();
        await CheckAsync(page, "lightbox");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("ali");
        await Expect(page.Locator(".js-search-row")).ToHaveCountAsync(1);
        await CheckAsync(page, "search");
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync(".js-settings-open");
        await CheckAsync(page, "settings");
        await page.ClickAsync(".js-shortcuts-open");
        await CheckAsync(page, "shortcuts");
    }

    [TestMethod]
    public async Task Language_IsTheBrowsersUntilAnotherOneIsChosenAndRemembered()
    {
        var page = await SignUpAsync("li", "李雷", language: "zh-CN");
        await Expect(page.Locator(".js-talk-title")).ToHaveTextAsync("大厅");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await page.ClickAsync(".js-settings-open");
        await page.CheckAsync(".js-choice[value=en]");
        await Expect(page.Locator(".js-settings-title")).ToHaveTextAsync("Account and settings");
        await page.ReloadAsync();
        await Expect(page.Locator(".js-talk-title")).ToHaveTextAsync("Lobby");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
    }

    [TestMethod]
    public async Task Theme_IsTheSystemsUntilAnotherOneIsChosenAndRemembered()
    {
        var page = await SignUpAsync("alice", "Alice");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        var light = await GroundAsync(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        var dark = await GroundAsync(page);
        Assert.AreNotEqual(light, dark);
        await page.ClickAsync(".js-settings-open");
        await page.CheckAsync(".js-choice[value=light]");
        Assert.AreEqual(light, await GroundAsync(page));
        await page.ReloadAsync();
        Assert.AreEqual(light, await GroundAsync(page));
    }

    [TestMethod]
    [DataRow(320, 1)]
    [DataRow(360, 1)]
    [DataRow(900, 2)]
    [DataRow(1440, 3)]
    [DataRow(2560, 3)]
    public async Task Width_DecidesHowManyPanesStandSideBySide(int width, int panes)
    {
        var page = await SignUpAsync("alice", "Alice", width, 740);
        await Expect(page.Locator(".pane >> visible=true")).ToHaveCountAsync(panes);
        Assert.IsLessThanOrEqualTo(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
    }

    [TestMethod]
    public async Task Finger_HasFortyPixelsForWhateverItMayTouch()
    {
        var page = await SignUpAsync("alice", "Alice", 360, 740);
        await ExpectRoomForFingersAsync(page, "list");
        await page.ClickAsync(".js-settings-open");
        await page.ClickAsync(".js-settings summary");
        await ExpectRoomForFingersAsync(page, "settings");
        await page.ClickAsync(".js-settings-close");
        await page.ClickAsync(".js-conversation[data-id=lobby]");
        await page.SetInputFilesAsync(".js-picture-input", await DrawAsync(page, 40, 30));
        await Expect(page.Locator(".js-send")).ToBeEnabledAsync();
        await ExpectRoomForFingersAsync(page, "picture to send");
        await page.ClickAsync(".js-picture-remove");
        await SayAsync(page, $"Hello{new string('\n', 100)}world");
        await Expect(Row(page, 1).Locator(".js-show-all")).ToBeVisibleAsync();
        await page.ClickAsync(".js-emoji-button");
        await Expect(page.Locator("emoji-picker .emoji").First).ToBeVisibleAsync();
        await ExpectRoomForFingersAsync(page, "emoji");
        await page.Keyboard.PressAsync("Escape");
        await page.RouteAsync("**/messages", route => route.FulfillAsync(
            new() { Status = 403, ContentType = "application/problem+json", Body = """{"code":"conversation.notMember"}""" }));
        await SayAsync(page, "Refused");
        await Expect(page.Locator(".js-retry >> visible=true")).ToHaveCountAsync(1);
        await ExpectRoomForFingersAsync(page, "talk");
        await page.ClickAsync(".js-discard >> visible=true");
        await page.ClickAsync(".js-back");
        await page.ClickAsync(".js-sign-out");
        await Expect(page.Locator(".js-signin-form")).ToBeVisibleAsync();
        await ExpectRoomForFingersAsync(page, "sign-in");
    }

    [TestMethod]
    public async Task Lobby_IsFoundByItsTitleAndByItsName()
    {
        var page = await SignUpAsync("li", "李雷", language: "zh-CN");
        foreach (var query in new[] { "大厅", "Lobby" })
        {
            await page.FillAsync(".js-search", query);
            await Expect(page.Locator(".js-search-row .js-title")).ToHaveTextAsync(["大厅"]);
        }
    }

    [TestMethod]
    public async Task Everything_CanBeDoneByKeyboard()
    {
        await SignUpAsync("bob", "Bob");
        var page = await SignUpAsync("alice", "Alice");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("bob");
        await Expect(page.Locator(".js-search-row[data-username=bob]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".js-talk-title")).ToHaveTextAsync("Bob");
        await Expect(page.Locator(".js-composer-text")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Helo");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Text(page, 1)).ToHaveTextAsync("Helo");

        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator(".js-edit-bar")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("Hello");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Text(page, 1)).ToHaveTextAsync("Hello");

        await page.FocusAsync(".js-log");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(Row(page, 1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".js-menu-edit")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(Row(page, 1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".js-confirm").WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Row(page, 1)).ToHaveClassAsync(new Regex("message--recalled"));

        await page.FocusAsync(".js-log");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator(".js-shortcuts")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".js-log")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".js-composer-text")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Alt+ArrowDown");
        await Expect(page.Locator(".js-talk-title")).ToHaveTextAsync("Lobby");
        await page.GoBackAsync();
        await Expect(page.Locator(".js-talk-title")).ToHaveTextAsync("Bob");
    }

    [TestMethod]
    public async Task Account_IsChangedInItsDialog()
    {
        var page = await SignUpAsync("alice", "Alice");
        await page.ClickAsync(".js-settings-open");
        await page.FillAsync("#profile-displayName", "Alice Liddell");
        await page.FillAsync("#profile-email", "alice");
        await page.ClickAsync(".js-profile-save");
        await Expect(page.Locator("#profile-email-error")).ToHaveTextAsync("This is not an e-mail address.");
        await Expect(page.Locator("#profile-email")).ToBeFocusedAsync();
        await page.FillAsync("#profile-email", "alice@example.org");
        await page.ClickAsync(".js-profile-save");
        await Expect(page.Locator(".js-me-name")).ToHaveTextAsync("Alice Liddell");

        await page.ClickAsync(".js-settings summary");
        await page.FillAsync("#password-current", "not this one");
        await page.FillAsync("#password-new", "another long password");
        await page.ClickAsync(".js-password-save");
        await Expect(page.Locator("#password-current-error")).ToHaveTextAsync("The current password is wrong.");
        await page.FillAsync("#password-current", Password);
        await page.FillAsync("#password-new", "another long password");
        await page.ClickAsync(".js-password-save");
        await Expect(page.Locator("#password-current")).ToHaveValueAsync("");
        await page.ClickAsync(".js-settings-sign-out");
        await page.FillAsync("#signin-username", "alice");
        await page.FillAsync("#signin-password", "another long password");
        await page.ClickAsync(".js-signin-submit");
        await Expect(page.Locator(".js-me-name")).ToHaveTextAsync("Alice Liddell");
    }

    private static Task<string> GroundAsync(IPage page) =>
        page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    /// <summary>
    /// With what a pseudo-element adds to it unseen, and with the shortest word in place of its own: how wide a word is, and
    /// whether a font has its characters, differs. A field has its height, and the label above it need not be hit.
    /// </summary>
    private static async Task ExpectRoomForFingersAsync(IPage page, string screen)
    {
        var tight = await page.EvaluateAsync<string[]>("""
            () => [document, ...[...document.querySelectorAll('emoji-picker')].map(({ shadowRoot }) => shadowRoot)]
                .flatMap((root) => [...root.querySelectorAll(
                    'a, button, summary, label:has(input), input:not(label input), [role=option]')])
                .filter((element) => element.checkVisibility())
                .map((element) => {
                    const words = [];
                    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                    while (walker.nextNode()) {
                        words.push([walker.currentNode, walker.currentNode.data]);
                        walker.currentNode.data = walker.currentNode.data.trim() && '.';
                    }
                    const { width, height } = element.getBoundingClientRect();
                    words.forEach(([node, data]) => { node.data = data; });
                    const before = getComputedStyle(element, '::before');
                    const added = before.content === 'none' ? [0, 0] : [['left', 'right'], ['top', 'bottom']]
                        .map((sides) => -sides.reduce((sum, side) => sum + parseFloat(before[side]), 0));
                    return { name: element.className, width: width + added[0], height: height + added[1] };
                })
                .filter(({ width, height }) => Math.min(width, height) < 39.5)
                .map(({ name, width, height }) => `${name}: ${width} × ${height}`)
            """);
        Assert.AreEqual("", string.Join('\n', tight), screen);
    }

    private static async Task CheckAsync(IPage page, string screen)
    {
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
            await ExpectNoMotionAsync(page);
            await page.EvaluateAsync(s_axe.Value);
            var found = await page.EvaluateAsync<string[]>("""
                async () => (await axe.run()).violations.map(({ id, nodes }) =>
                `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
                """);
            Assert.AreEqual("", string.Join('\n', found), $"{screen}, {theme}");
        }
    }

    /// <summary>
    /// Colours in the middle of a change have no contrast that anybody could check: where motion is reduced there is none.
    /// </summary>
    private static async Task ExpectNoMotionAsync(IPage page) =>
        Assert.AreEqual(
            0, await page.EvaluateAsync<int>("() => document.getAnimations().length"),
            "Something moves though motion is reduced.");

    private static readonly Lazy<string> s_axe = new(() =>
    {
        var path = Path.Combine(TestMachine.RepositoryPath, "SampleIm.Web", "node_modules", "axe-core", "axe.min.js");
        if (!File.Exists(path))
        {
            TestMachine.Lacks("axe-core (npm ci in SampleIm.Web)");
        }

        return File.ReadAllText(path);
    });
}
