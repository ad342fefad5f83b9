using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class RateLimitTests
{
    private const string Messages = "/api/conversations/lobby/messages";
    private const string Register = "/api/account/register";
    private const string Login = "/api/account/login";
    private const string Account = "/api/account";
    private const string Wrong = "account.badCredentials";
    private const int Permits = 3;

    /// <summary>Writes without a limit, and what bounds each instead.</summary>
    private static readonly Dictionary<string, string> s_unlimited = new()
    {
        ["POST api/account/logout"] = "once a session, and those are limited",
        ["PUT api/conversations/{id}/read"] =
            "moves forward only, to the last message at most; what does not move it writes nothing",
        ["DELETE api/conversations/{id}/messages/{seq}"] =
            "once a message, and those are limited; what recalls nothing writes nothing",
    };

    [TestMethod]
    public async Task Send_OverTheLimit_Is429AndKeepsNothing()
    {
        using var app = AppWith("Send");
        var alice = await app.RegisterAsync();
        for (var sent = 0; sent < Permits; sent++)
        {
            await alice.SendAsync("lobby", "hello");
        }

        ShouldBeLimited(await alice.PostAsync(Messages, new { text = "one too many" }));
        Assert.HasCount(Permits, (await alice.NewAsync("lobby")).Messages);
        await (await app.RegisterAsync()).SendAsync("lobby", "somebody else's");
    }

    [TestMethod]
    public async Task Send_ByCookieAndByToken_CountsForTheSameUser()
    {
        using var app = AppWith("Send");
        var alice = await app.RegisterAsync();
        var (program, _) = await alice.SignInByTokenAsync();
        await alice.SendAsync("lobby", "one");
        await program.SendAsync("lobby", "two");
        (await alice.PatchAsync($"{Messages}/1", new { text = "an edit counts too" })).ShouldBe(200);
        ShouldBeLimited(await program.PostAsync(Messages, new { text = "four" }));
        ShouldBeLimited(await alice.PatchAsync($"{Messages}/1", new { text = "five" }));
        (await alice.DeleteAsync($"{Messages}/1")).ShouldBe(204);
    }

    [TestMethod]
    public async Task Send_OfNobodyAndFromElsewhere_CountsForNobody()
    {
        using var app = AppWith("Send");
        var alice = await app.RegisterAsync();
        for (var refused = 0; refused <= Permits; refused++)
        {
            (await app.Anonymous().PostAsync(Messages, new { text = "x" })).ShouldBe(401, "account.signInRequired");
            (
                await alice.AskAsync(
                    HttpMethod.Post, Messages, null,
                    request => request.Headers.Add("Sec-Fetch-Site", "cross-site"))).ShouldBe(403, "request.crossSite");
        }

        await alice.SendAsync("lobby", "hello");
    }

    [TestMethod]
    public async Task Send_AfterAsLongAsToldToWait_IsTaken()
    {
        using var app = AppWith("Send", permits: 1, window: "00:00:01");
        var alice = await app.RegisterAsync();
        Answer? answer;
        do
        {
            // At once: on a slow machine one after the other might each find a permit.
            var sends = Enumerable.Range(0, 5).Select(_ => alice.PostAsync(Messages, new { text = "fast" }));
            answer = (await Task.WhenAll(sends)).FirstOrDefault(sent => sent.Status != 201);
        }
        while (answer is null);

        ShouldBeLimited(answer);
        await Task.Delay(answer.Response.Headers.RetryAfter!.Delta!.Value);
        await alice.SendAsync("lobby", "slow");
    }

    [TestMethod]
    public async Task Upload_OverTheLimit_Is429()
    {
        using var app = AppWith("Upload");
        var alice = await app.RegisterAsync();
        for (var uploads = 0; uploads < Permits; uploads++)
        {
            await alice.UploadPictureAsync();
        }

        ShouldBeLimited(await alice.UploadAsync(Pictures.Png(3, 2)));
        await (await app.RegisterAsync()).UploadPictureAsync();
    }

    [TestMethod]
    public async Task Register_OverTheLimit_Is429AndMakesNoAccount()
    {
        using var app = AppWith("Register");
        await app.RegisterAsync("alice");
        (await app.Anonymous().PostAsync(Register, new { username = "alice", password = ApiUser.FirstPassword }))
            .ShouldBe(409, "account.usernameTaken");
        (await app.Anonymous().PostAsync(Register, new { username = "bob", password = "1" }))
            .ShouldBe(400, "account.passwordWeak");
        ShouldBeLimited(await app.Anonymous().PostAsync(Register, new { username = "bob", password = ApiUser.FirstPassword }));
        (await app.Anonymous().PostAsync(Login, new { username = "bob", password = ApiUser.FirstPassword }))
            .ShouldBe(401, "account.badCredentials");
    }

    [TestMethod]
    public async Task Login_FromOneAddress_IsLimitedWhateverTheNames()
    {
        using var app = AppWith("Login");
        var alice = await app.RegisterAsync("alice");
        await alice.SignInElsewhereAsync();
        (await app.Anonymous().PostAsync(Login, new { username = "bob", password = "wrong" }))
            .ShouldBe(401, "account.badCredentials");
        (await app.Anonymous().PostAsync(Login, new { username = "dave", password = "x" })).ShouldBe(401, Wrong);
        ShouldBeLimited(await app.Anonymous().PostAsync(Login, new { username = "carol", password = "wrong" }));
        ShouldBeLimited(await app.Anonymous().PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword }));
    }

    [TestMethod]
    [DataRow("Login")]
    [DataRow("LoginName")]
    public async Task Login_ThatStrangersUseUp_IsLeftToDevicesThatHaveSignedInBefore(string limit)
    {
        using var app = AppWith(limit);
        var alice = await app.RegisterAsync("alice");
        for (var guess = 0; guess < Permits; guess++)
        {
            var answer = await app.Anonymous().PostAsync(Login, new { username = "alice", password = "wrong" });
            answer.ShouldBe(401, "account.badCredentials");
        }

        ShouldBeLimited(await app.Anonymous().PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword }));
        (await alice.PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword })).ShouldBe(200);
        (await ChangeAsync(alice, ApiUser.FirstPassword)).ShouldBe(204);
    }

    [TestMethod]
    public async Task Login_ThatARegisteredStrangerUsesUp_IsLeftToDevicesOfOthersInTheNetwork()
    {
        using var app = AppWith("Login");
        var alice = await app.RegisterAsync("alice");
        var mallory = await app.RegisterAsync("mallory");
        for (var guess = 0; guess < Permits; guess++)
        {
            (await mallory.PostAsync(Login, new { username = "mallory", password = "wrong" })).ShouldBe(401, Wrong);
        }

        ShouldBeLimited(await mallory.PostAsync(Login, new { username = "mallory", password = ApiUser.FirstPassword }));
        (await alice.PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword })).ShouldBe(200);
        (await app.Anonymous().PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword })).ShouldBe(200);
    }

    [TestMethod]
    public async Task Login_UnderTheNamesOfOthers_CountsForTheNetwork_HoweverManyDeviceCookiesOnePersonHas()
    {
        using var app = AppWith("Login");
        var alice = await app.RegisterAsync("alice");
        for (var guess = 0; guess < Permits; guess++)
        {
            var mallory = await app.RegisterAsync($"mallory{guess}");
            (await mallory.PostAsync(Login, new { username = $"nobody{guess}", password = "wrong" })).ShouldBe(401, Wrong);
        }

        var other = await app.RegisterAsync("mallory");
        var refused = await other.PostAsync(Login, new { username = "nobody", password = "wrong" });
        ShouldBeLimited(refused);
        Assert.Contains("r=0", refused.Response.Headers.GetValues("RateLimit").Single());
        ShouldBeLimited(await app.Anonymous().PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword }));
        (await alice.PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword })).ShouldBe(200);
    }

    [TestMethod]
    [DataRow(Login)]
    [DataRow(Register)]
    public async Task NetworksOfOneIPv6Site_TogetherHaveFourTimesWhatOneHas(string path)
    {
        using var app = new SampleImApp(new()
        {
            ["RateLimits:Enabled"] = "true",
            ["RateLimits:Login:Permits"] = "1",
            ["RateLimits:Login:Window"] = "01:00:00",
            ["RateLimits:Register:Permits"] = "1",
            ["RateLimits:Register:Window"] = "01:00:00",
            ["Proxies:Trusted:0"] = "127.0.0.1",
        });
        var answers = new List<int>();
        foreach (var network in new[] { "1", "1", "1", "2", "3", "4", "5" })
        {
            answers.Add(await TryAsync($"2001:db8:1:{network}::7"));
        }

        // What the first one was refused took nothing from the others.
        CollectionAssert.AreEqual(
            new[] { 4, 429, 429, 4, 4, 4, 429 }, answers.Select(status => status == 429 ? 429 : 4).ToList());
        Assert.AreNotEqual(429, await TryAsync("2001:db8:2:1::7"));

        async Task<int> TryAsync(string network) => (await app.Anonymous().AskAsync(
            HttpMethod.Post, path, JsonContent.Create(new { username = "nobody", password = "x" }),
            request => request.Headers.Add("X-Forwarded-For", network))).Status;
    }

    [TestMethod]
    public async Task Login_UnderOneName_IsNotUsedUpByOneNetwork()
    {
        using var app = new SampleImApp(new()
        {
            ["RateLimits:Enabled"] = "true",
            ["RateLimits:LoginName:Permits"] = "11",
            ["RateLimits:LoginName:Window"] = "01:00:00",
            ["Proxies:Trusted:0"] = "127.0.0.1",
        });
        await app.RegisterAsync("alice");
        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => TryAsync("203.0.113.1", "wrong")));
        (await TryAsync("203.0.113.1", ApiUser.FirstPassword)).ShouldBe(429, "account.locked");
        (await TryAsync("203.0.113.2", ApiUser.FirstPassword)).ShouldBe(200);
        // That one was the last permit. What it refuses does not count towards the lock of the network either.
        for (var time = 0; time < 12; time++)
        {
            (await TryAsync("203.0.113.3", ApiUser.FirstPassword)).ShouldBe(429, "request.rateLimited");
        }

        Task<Answer> TryAsync(string network, string password) => app.Anonymous().AskAsync(
            HttpMethod.Post, Login, JsonContent.Create(new { username = "alice", password }),
            request => request.Headers.Add("X-Forwarded-For", network));
    }

    [TestMethod]
    public async Task PasswordChange_OverTheLimitOfItsUser_Is429()
    {
        using var app = AppWith("Profile");
        var alice = await app.RegisterAsync("alice");
        for (var guess = 0; guess < Permits; guess++)
        {
            (await ChangeAsync(alice, "wrong")).ShouldBe(400, "account.wrongPassword");
        }

        ShouldBeLimited(await ChangeAsync(alice, ApiUser.FirstPassword));
    }

    [TestMethod]
    public async Task Login_UnderOneName_IsLimitedWhetherOrNotAnybodyHasIt()
    {
        using var app = AppWith("LoginName");
        await app.RegisterAsync("alice");
        var answers = new List<string>();
        // The same name in other clothes.
        foreach (var username in new[]
            {
                "alice", "ALICE", "ａlice", "alice", "alice", "nobody", "NOBODY", "ｎobody", "nobody", "nobody",
            })
        {
            var answer = await app.Anonymous().PostAsync(Login, new { username, password = "wrong" });
            answers.Add($"{answer.Status} {answer.Code}");
        }

        Assert.AreEqual("401 account.badCredentials", answers[Permits - 1]);
        Assert.AreEqual("429 request.rateLimited", answers[Permits]);
        CollectionAssert.AreEqual(answers[..5], answers[5..]);
        (await app.Anonymous().PostAsync(Login, new { username = "carol", password = "wrong" }))
            .ShouldBe(401, "account.badCredentials");
    }

    [TestMethod]
    public async Task Login_UnderANameThatNobodyCanHave_IsCountedNowhere()
    {
        using var app = AppWith("LoginName");
        var username = new string('x', 20_000);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => app.Anonymous().PostAsync(Login, new { username, password = "wrong" })));
        foreach (var answer in answers)
        {
            answer.ShouldBe(401, "account.badCredentials");
        }
    }

    [TestMethod]
    public async Task Refresh_WithAnInvalidToken_CountsAsASignInFromItsNetwork()
    {
        using var app = AppWith("Login");
        await app.RegisterAsync("alice");
        for (var guess = 0; guess < Permits; guess++)
        {
            (await RefreshAsync(app, "forged")).ShouldBe(401, "account.refreshInvalid");
        }

        ShouldBeLimited(await RefreshAsync(app, "forged"));
        ShouldBeLimited(await app.Anonymous().PostAsync(Login, new { username = "alice", password = ApiUser.FirstPassword }));
    }

    [TestMethod]
    public async Task Refresh_IsCountedForItsSession_AndNoStrangerInItsNetworkStopsIt()
    {
        using var app = AppWith("Login");
        var alice = await app.RegisterAsync("alice");
        var (_, refreshToken) = await alice.SignInByTokenAsync();
        var bob = await app.RegisterAsync("bob");
        var (_, refreshTokenOfBob) = await bob.SignInByTokenAsync();
        for (var forged = 1; (await RefreshAsync(app, "forged")).Status != 429; forged++)
        {
            Assert.IsLessThan(100, forged, "The network uses up what it has.");
        }

        for (var time = 0; time < Permits; time++)
        {
            var answer = await RefreshAsync(app, refreshToken);
            answer.ShouldBe(200);
            Assert.StartsWith("\"login\";", answer.Response.Headers.GetValues("RateLimit").Single());
        }

        ShouldBeLimited(await RefreshAsync(app, refreshToken));
        (await RefreshAsync(app, refreshTokenOfBob)).ShouldBe(200);
    }

    [TestMethod]
    public async Task Profile_OverTheLimit_Is429AndStaysAsItWas()
    {
        using var app = AppWith("Profile");
        var alice = await app.RegisterAsync("alice");
        var (program, _) = await alice.SignInByTokenAsync();
        (await alice.PatchAsync(Account, new { displayName = "One" })).ShouldBe(200);
        (await program.PatchAsync(Account, new { displayName = "Two" })).ShouldBe(200);
        (await alice.PatchAsync(Account, new { displayName = "" })).ShouldBe(400, "account.displayNameInvalid");
        ShouldBeLimited(await alice.PatchAsync(Account, new { displayName = "Four" }));
        ShouldBeLimited(await program.PatchAsync(Account, new { bio = "five" }));
        Assert.AreEqual("Two", (await alice.GetAsync(Account)).Element.GetProperty("displayName").GetString());
        (await (await app.RegisterAsync("bob")).PatchAsync(Account, new { displayName = "Robert" })).ShouldBe(200);
    }

    [TestMethod]
    public async Task Search_OverTheLimit_Is429AndAProfileIsStillThere()
    {
        using var app = AppWith("Search");
        var alice = await app.RegisterAsync("alice");
        for (var search = 0; search < Permits; search++)
        {
            (await alice.GetAsync("/api/users?query=al")).ShouldBe(200);
        }

        ShouldBeLimited(await alice.GetAsync("/api/users?query=al"));
        (await alice.GetAsync("/api/users/alice")).ShouldBe(200);
        (await (await app.RegisterAsync("bob")).GetAsync("/api/users?query=al")).ShouldBe(200);
    }

    /// <summary>A new call that writes has a limit, or somebody has thought about it.</summary>
    [TestMethod]
    public void EveryCallThatWrites_HasALimitOrAReason()
    {
        using var app = new SampleImApp();
        var unlimited = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any method"])
                .Where(method => method is not ("GET" or "HEAD")).Select(method => $"{method} {endpoint.RoutePattern.RawText}"));
        CollectionAssert.AreEquivalent(s_unlimited.Keys, unlimited.ToArray());
    }

    [TestMethod]
    public async Task Name_ThatIsNotTriedAnyMore_IsForgotten()
    {
        using var app = AppWith("LoginName", permits: 1, window: "00:00:01");
        var names = app.Get<NameLimit>();
        do
        {
            // Again where a slow machine has forgotten it before anybody could look.
            names.FindRefusal(new DefaultHttpContext(), "nobody");
        }
        while (names.Look("nobody")!.TotalSuccessfulLeases == 0);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (names.Look("nobody")!.TotalSuccessfulLeases > 0)
        {
            await Task.Delay(100, patience.Token);
        }
    }

    [TestMethod]
    public async Task Defaults_LetAClassInAndAPersonTypeFast()
    {
        using var app = new SampleImApp(new() { ["RateLimits:Enabled"] = "true" });
        var users = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => app.RegisterAsync($"pupil{number}")));
        await Task.WhenAll(users.Select(async user =>
        {
            (await app.Anonymous().PostAsync(Login, new { user.Username, password = "mistyped" }))
                .ShouldBe(401, "account.badCredentials");
            await user.SignInElsewhereAsync();
        }));
        for (var sent = 0; sent < 40; sent++)
        {
            await users[0].SendAsync("lobby", "typed fast");
        }
    }

    [TestMethod]
    public async Task Limits_ThatAreSwitchedOff_StopNobody()
    {
        using var app = new SampleImApp(new()
        {
            ["RateLimits:Enabled"] = "false",
            ["RateLimits:Send:Permits"] = "1",
            ["RateLimits:LoginName:Permits"] = "1",
        });
        var alice = await app.RegisterAsync();
        for (var time = 0; time < Permits; time++)
        {
            await alice.SendAsync("lobby", "hello");
            await alice.SignInElsewhereAsync();
        }
    }

    private static SampleImApp AppWith(string limit, int permits = Permits, string window = "01:00:00") => new(new()
    {
        ["RateLimits:Enabled"] = "true",
        [$"RateLimits:{limit}:Permits"] = $"{permits}",
        [$"RateLimits:{limit}:Window"] = window,
    });

    private static Task<Answer> ChangeAsync(ApiUser user, string currentPassword) =>
        user.PostAsync("/api/account/password", new { currentPassword, newPassword = "a better horse" });

    private static Task<Answer> RefreshAsync(SampleImApp app, string? refreshToken) =>
        app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken });

    private static void ShouldBeLimited(Answer answer)
    {
        answer.ShouldBe(429, "request.rateLimited");
        var seconds = answer.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.IsTrue(seconds is >= 1 and <= 1 + (3600.0 / Permits), $"{seconds}");
    }
}
