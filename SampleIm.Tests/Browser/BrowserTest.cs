using Microsoft.Playwright;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Browser;

/// <summary>A test that uses the page in Chromium, against a server of its own.</summary>
public abstract class BrowserTest
{
    protected const string Password = "correct horse battery";

    /// <summary>A busy machine makes the page slow, not wrong.</summary>
    private const int LongestWaitMs = 60_000;

    private readonly List<IBrowserContext> _contexts = [];
    private readonly List<string> _faults = [];
    private IBrowser _browser = null!;
    private SampleImApp? _app;
    private ServerProcess? _process;
    private string? _processData;

    protected Uri Address => _process?.Address ?? (_app ??= new SampleImApp(Settings)).Address;

    /// <summary>More settings for the server.</summary>
    protected virtual Dictionary<string, string> Settings => [];

    [TestInitialize]
    public async Task StartBrowser() => _browser = await Chromium.StartAsync();

    [TestCleanup]
    public async Task StopBrowser()
    {
        foreach (var context in _contexts)
        {
            await context.CloseAsync();
        }

        _app?.Dispose();
        await (_process?.DisposeAsync() ?? default);
        if (_processData is not null)
        {
            Directory.Delete(_processData, recursive: true);
        }

        Assert.AreEqual(
            "", string.Join('\n', _faults), "Scripts of the page failed, or the policy of the page refused something.");
    }

    /// <summary>From here on the server is a process of its own, which can be killed and started again.</summary>
    protected async Task StartProcessAsync()
    {
        await (_process?.DisposeAsync() ?? default);
        _process = await ServerProcess.StartAsync(_processData ??= TestMachine.MakeFolder(), _process?.Address.Port ?? 0);
    }

    protected Task KillProcessAsync() => _process!.KillAsync();

    /// <summary>A browser window of its own with an empty profile, on the page.</summary>
    protected async Task<IPage> OpenAsync(int width = 1440, int height = 900, string language = "en-US")
    {
        var context = await _browser.NewContextAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, Locale = language });
        context.SetDefaultTimeout(LongestWaitMs);
        Assertions.SetDefaultExpectTimeout(LongestWaitMs);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        Watch(page);
        await page.GotoAsync(Address.ToString());
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
    protected async Task<IPage> SignUpAsync(
        string username, string displayName, int width = 1440, int height = 900, string language = "en-US")
    {
        var page = await OpenAsync(width, height, language);
        await page.ClickAsync(".js-show-signup");
        await page.FillAsync("#signup-username", username);
        await page.FillAsync("#signup-displayName", displayName);
        await page.FillAsync("#signup-password", Password);
        await page.ClickAsync(".js-signup-submit");
        await page.Locator(".js-chat").WaitForAsync();
        // Where a talk opens by itself, nothing can be written or chosen before it is there.
        await page.WaitForFunctionAsync(
            "() => location.hash !== '#/lobby' || document.querySelector('.js-talk-title').textContent");
        return page;
    }
}
