using System.Collections;
using Microsoft.Playwright;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Browser;

/// <summary>A test that uses the page in Chromium, against the program in a process of its own.</summary>
public abstract class BrowserTest
{
    protected const string Password = "correct horse battery";

    private const string ChromiumPath = "/usr/bin/chromium";

    /// <summary>A busy machine makes the page slow, not wrong.</summary>
    private const int LongestWaitMs = 60_000;

    private static readonly string[] s_fonts =
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    ];

    private readonly List<IBrowserContext> _contexts = [];
    private readonly List<string> _faults = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    protected string DataPath { get; private set; } = "";

    protected ServerProcess Server { get; set; } = null!;

    /// <summary>More arguments for the server.</summary>
    protected virtual string[] Settings => [];

    [TestInitialize]
    public async Task StartBrowser()
    {
        if (!File.Exists(ChromiumPath))
        {
            TestMachine.Lacks("Chromium");
        }

        if (Array.Find(s_fonts, font => !File.Exists(font)) is { } missing)
        {
            TestMachine.Lacks(missing);
        }

        DataPath = TestMachine.MakeFolder();
        Server = await ServerProcess.StartAsync(DataPath, 0, Settings);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = ChromiumPath,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            Env = EnvironmentWithOwnFonts(),
        });
    }

    /// <summary>Texts are as wide on every machine: the browser sees the fonts that test.sh installs and no others.</summary>
    private static Dictionary<string, string> EnvironmentWithOwnFonts()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        environment["FONTCONFIG_FILE"] = Path.Combine(TestMachine.RepositoryPath, "SampleIm.Tests", "Browser", "fonts.conf");
        return environment;
    }

    [TestCleanup]
    public async Task StopBrowser()
    {
        await (_browser?.DisposeAsync() ?? default);
        _playwright?.Dispose();
        await (Server?.DisposeAsync() ?? default);
        if (DataPath.Length > 0)
        {
            Directory.Delete(DataPath, recursive: true);
        }

        Assert.AreEqual("", string.Join('\n', _faults), "Scripts of the page failed, or the policy of the page refused something.");
    }

    /// <summary>A browser window of its own with an empty profile, on the page.</summary>
    protected async Task<IPage> OpenAsync(int width = 1440, int height = 900, string language = "en-US")
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, Locale = language });
        context.SetDefaultTimeout(LongestWaitMs);
        Assertions.SetDefaultExpectTimeout(LongestWaitMs);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        Watch(page);
        await page.GotoAsync(Server.Address.ToString());
        return page;
    }

    /// <summary>A fault of a script fails the test at its end.</summary>
    protected void Watch(IPage page)
    {
        page.PageError += (_, fault) => _faults.Add(fault);
        page.Console += (_, line) =>
        {
            if (line.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                _faults.Add(line.Text);
            }
        };
    }

    /// <summary>A new account, made through the form; ends in the chat.</summary>
    protected async Task<IPage> SignUpAsync(string username, string displayName, int width = 1440, int height = 900, string language = "en-US")
    {
        var page = await OpenAsync(width, height, language);
        await page.ClickAsync(".js-show-signup");
        await page.FillAsync("#signup-username", username);
        await page.FillAsync("#signup-displayName", displayName);
        await page.FillAsync("#signup-password", Password);
        await page.ClickAsync(".js-signup-submit");
        await page.Locator(".js-chat").WaitForAsync();
        // Where a talk opens by itself, nothing can be written or chosen before it is there.
        await page.WaitForFunctionAsync("() => location.hash !== '#/lobby' || document.querySelector('.js-talk-title').textContent");
        return page;
    }
}
