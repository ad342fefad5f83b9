using System.Text;
using Microsoft.Playwright;
using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>
/// A network that answers in the server's place: the sign-in page of a hotel or of a company, which comes with 200, by a
/// redirect, or with a refusal of its own. Nothing of that is success, and nothing of it is the server's refusal.
/// </summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageAnswersTests : PageTest
{
    private const string Api = "**/api/**";

    private static readonly LocatorAssertionsToHaveCountOptions s_patient = new() { Timeout = 45_000 };

    private static readonly LocatorAssertionsToContainTextOptions s_slow = new() { Timeout = 20_000 };

    /// <summary>All other ones are in the tests of the page's own modules.</summary>
    private static readonly RouteFulfillOptions[] s_strangers =
    [
        new() { Status = 201, ContentType = "text/html", Body = "<h1>Sign in</h1>" },
        new() { Status = 200, ContentType = "application/json", Body = """{"status":"ok"}""" },
        new() { Status = 401, ContentType = "text/html", Body = "<h1>Sign in</h1>" },
    ];

    [TestMethod]
    public async Task StrangeAnswer_LosesNoMessageAndEndsNoSignIn()
    {
        var alice = await SignUpAsync("alice", "Alice");
        for (var index = 0; index < s_strangers.Length; index++)
        {
            var strange = s_strangers[index];
            await LosesNothingAsync(alice, index + 1, route => route.FulfillAsync(strange));
        }
    }

    [TestMethod]
    public async Task Redirect_LosesNoMessageAndIsNotFollowed()
    {
        var alice = await SignUpAsync("alice", "Alice");
        var followed = new List<string>();
        await alice.RouteAsync("**/sign-in", route =>
        {
            followed.Add(route.Request.Method);
            return route.FulfillAsync(new() { Status = 200, ContentType = "text/html", Body = "<h1>Sign in</h1>" });
        });
        var elsewhere = new Dictionary<string, string> { ["Location"] = new Uri(Address, "/sign-in").ToString() };
        await LosesNothingAsync(alice, 1, route => route.FulfillAsync(new() { Status = 302, Headers = elsewhere }));
        CollectionAssert.DoesNotContain(followed, "POST");
    }

    [TestMethod]
    public async Task StrangeAnswer_ToAPicture_SendsItLater()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.RouteAsync("**/api/images", route => Intercept(route, 201));
        await alice.SetInputFilesAsync(".js-picture-input", await DrawAsync(alice, 40, 30));
        await alice.ClickAsync(".js-send");
        await Expect(alice.Locator(".js-state-text")).ToContainTextAsync("answers in place of the server", s_slow);
        await alice.UnrouteAsync("**/api/images");
        await Expect(Row(alice, 1).Locator(".js-picture img")).ToBeVisibleAsync(new() { Timeout = 45_000 });
    }

    [TestMethod]
    public async Task StrangeAnswer_ToAForm_IsSaidThere()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.RouteAsync("**/api/account/password", route => Intercept(route, 200));
        await alice.ClickAsync(".js-settings-open");
        await alice.ClickAsync(".js-settings summary");
        await alice.FillAsync(".js-password-form [name=currentPassword]", Password);
        await alice.FillAsync(".js-password-form [name=password]", "another horse battery");
        await alice.ClickAsync(".js-password-form [type=submit]");
        await Expect(alice.Locator(".js-password-notice")).ToContainTextAsync("in place of the server");
        await Expect(alice.Locator(".js-password-form [name=password]")).ToHaveValueAsync("another horse battery");
        await Expect(alice.GetByText("The password is changed.")).ToHaveCountAsync(0);
        await alice.Keyboard.PressAsync("Escape");

        await alice.ClickAsync(".js-sign-out");
        await alice.RouteAsync("**/api/account/login", route => Intercept(route, 200));
        await alice.FillAsync("#signin-username", " alice ");
        await alice.FillAsync("#signin-password", Password);
        await alice.ClickAsync(".js-signin-submit");
        await Expect(alice.Locator(".js-account-notice")).ToContainTextAsync("in place of the server");
        await alice.UnrouteAsync("**/api/account/login");
        await alice.ClickAsync(".js-signin-submit");
        await Expect(alice.Locator(".js-me-name")).ToHaveTextAsync("Alice");
    }

    [TestMethod]
    public async Task NumberThatIsTaken_LosesNoWords()
    {
        var alice = await SignUpAsync("alice", "Alice");
        await alice.RouteAsync("**/messages", async route =>
        {
            // Another message has the number already.
            var taken = route.Request.PostDataJSON()!.Value.GetProperty("clientId").GetString();
            var other = $$"""{"clientId":"{{taken}}","text":"Another one"}""";
            await route.FetchAsync(new() { PostData = Encoding.UTF8.GetBytes(other) });
            await route.ContinueAsync();
        }, new() { Times = 1 });
        await SayAsync(alice, "These words");
        await Expect(Row(alice, 1)).ToContainTextAsync("Another one");
        await Expect(alice.Locator(".message--failed")).ToContainTextAsync("These words");
        await alice.ReloadAsync();
        await Expect(alice.Locator(".message--failed")).ToContainTextAsync("These words");
        await alice.ClickAsync(".message--failed .js-retry");
        await Expect(Text(alice, 2)).ToHaveTextAsync("These words");
        await Expect(alice.Locator(".js-message")).ToHaveCountAsync(2);
    }

    private static Task Intercept(IRoute route, int status) =>
        route.FulfillAsync(new() { Status = status, ContentType = "text/html", Body = "<h1>Sign in</h1>" });

    private static async Task LosesNothingAsync(IPage alice, int seq, Func<IRoute, Task> answer)
    {
        await alice.RouteAsync(Api, answer);
        await SayAsync(alice, $"Said into a portal: {seq}");
        await Expect(alice.Locator(".js-connection-text")).ToContainTextAsync("in place of the server", s_slow);
        await Expect(alice.Locator(".js-state-text >> visible=true")).ToContainTextAsync("in place of the server", s_slow);
        await Expect(alice.Locator(".js-composer")).ToBeVisibleAsync();

        // The page comes again, and does not know yet who is signed in.
        await alice.ReloadAsync();
        await Expect(alice.Locator(".js-connection-text")).ToContainTextAsync("in place of the server", s_slow);
        await Expect(alice.Locator(".js-account")).ToBeHiddenAsync();
        await alice.UnrouteAsync(Api);
        await Expect(Text(alice, seq)).ToHaveTextAsync($"Said into a portal: {seq}", new() { Timeout = 45_000 });
        await Expect(alice.Locator(".js-message[data-seq]")).ToHaveCountAsync(seq, s_patient);
        await Expect(alice.Locator(".js-message[data-client-id]")).ToHaveCountAsync(0, s_patient);
        await Expect(alice.Locator(".js-connection")).ToBeHiddenAsync(new() { Timeout = 20_000 });
    }
}
