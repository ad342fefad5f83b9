using System.Collections;
using Microsoft.Playwright;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Browser;

/// <summary>
/// The browser, started once for all tests: starting one takes longer than most of them. Each test has browser contexts of its
/// own, which share nothing with those of others.
/// </summary>
[TestClass]
public static class Chromium
{
    private const string ChromiumPath = "/usr/bin/chromium-headless-shell";

    private static readonly string[] s_fonts =
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    ];

    private static readonly SemaphoreSlim s_turn = new(1);

    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    public static async Task<IBrowser> StartAsync()
    {
        if (!File.Exists(ChromiumPath))
        {
            TestMachine.Lacks("Chromium");
        }

        if (Array.Find(s_fonts, font => !File.Exists(font)) is { } missing)
        {
            TestMachine.Lacks(missing);
        }

        await s_turn.WaitAsync();
        try
        {
            s_playwright ??= await Playwright.CreateAsync();
            // One that crashed fails the tests that used it, and no others.
            return s_browser is { IsConnected: true } ? s_browser : s_browser = await LaunchAsync(s_playwright);
        }
        finally
        {
            s_turn.Release();
        }
    }

    [AssemblyCleanup]
    public static async Task StopAsync()
    {
        await (s_browser?.DisposeAsync() ?? default);
        s_playwright?.Dispose();
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = ChromiumPath,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        Env = EnvironmentWithOwnFonts(),
    });

    /// <summary>Texts are as wide on every machine: the browser sees the fonts that test.sh installs and no others.</summary>
    private static Dictionary<string, string> EnvironmentWithOwnFonts()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        environment["FONTCONFIG_FILE"] = Path.Combine(TestMachine.RepositoryPath, "SampleIm.Tests", "Browser", "fonts.conf");
        return environment;
    }
}
