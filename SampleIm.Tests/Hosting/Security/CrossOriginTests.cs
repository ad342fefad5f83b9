using System.Net.Http.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

/// <summary>Pages of a site that the configuration names: they call with a token, and never with a cookie.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class CrossOriginTests
{
    private const string Site = "https://app.example";
    private const string Send = "/api/conversations/lobby/messages";
    private const string AllowOrigin = "Access-Control-Allow-Origin";

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new() { ["Cors:Origins:0"] = Site });
        s_alice = await s_app.RegisterAsync();
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public async Task Preflight_IsAnsweredWithoutASignInAndKept()
    {
        var answer = await PreflightAsync(s_app, Site);
        Assert.AreEqual(204, answer.Status);
        Assert.AreEqual(Site, Header(answer, AllowOrigin));
        Assert.Contains("PATCH", Header(answer, "Access-Control-Allow-Methods"));
        Assert.Contains("authorization", Header(answer, "Access-Control-Allow-Headers"));
        Assert.AreEqual("7200", Header(answer, "Access-Control-Max-Age"));
        Assert.AreEqual("", Header(answer, "Access-Control-Allow-Credentials"));
    }

    [TestMethod]
    public async Task Preflight_OfAnotherSite_AllowsNothing()
    {
        Assert.AreEqual("", Header(await PreflightAsync(s_app, "https://app.example.elsewhere"), AllowOrigin));
        using var app = new SampleImApp();
        Assert.AreEqual("", Header(await PreflightAsync(app, Site), AllowOrigin));
    }

    [TestMethod]
    public async Task Call_WithABearerToken_IsTakenAndItsHeadersCanBeRead()
    {
        var (bot, _) = await s_alice.SignInByTokenAsync();
        var sent = await FromAsync(bot, HttpMethod.Post, Send, Site, new { text = "from a page elsewhere" });
        sent.ShouldBe(201);
        Assert.AreEqual(Site, Header(sent, AllowOrigin));
        foreach (var name in new[] { "ETag", "Location", "Retry-After", "X-Poll-Interval", "X-Request-Id" })
        {
            Assert.Contains(name, Header(sent, "Access-Control-Expose-Headers"));
        }

        // The poll as well, also when it could be answered from memory.
        for (var poll = 0; poll < 3; poll++)
        {
            Assert.AreEqual(Site, Header(await FromAsync(bot, HttpMethod.Get, "/api/total", Site), AllowOrigin));
        }

        (await FromAsync(bot, HttpMethod.Post, Send, "https://elsewhere.example", new { text = "no" }))
            .ShouldBe(403, "request.crossSite");
    }

    [TestMethod]
    public async Task Call_WithACookie_IsRefused()
    {
        var answer = await FromAsync(s_alice, HttpMethod.Post, Send, Site, new { text = "by the cookie" });
        answer.ShouldBe(403, "request.crossSite");
        Assert.AreEqual("", Header(answer, "Access-Control-Allow-Credentials"));
    }

    [TestMethod]
    public async Task SignIn_IsByTokenAlone()
    {
        var (_, refreshToken) = await s_alice.SignInByTokenAsync();
        (await FromAsync(s_app.Anonymous(), HttpMethod.Post, "/api/account/refresh", Site, new { refreshToken })).ShouldBe(200);
        var credentials = new { s_alice.Username, password = ApiUser.FirstPassword };
        var tokens = await FromAsync(s_app.Anonymous(), HttpMethod.Post, "/api/account/login?token=true", Site, credentials);
        tokens.ShouldBe(200);
        Assert.IsFalse(tokens.Response.Headers.Contains("Set-Cookie"));
        (await FromAsync(s_app.Anonymous(), HttpMethod.Post, "/api/account/login?token=false", Site, credentials))
            .ShouldBe(403, "request.crossSite");
        var login = await FromAsync(s_app.Anonymous(), HttpMethod.Post, "/api/account/login", Site, credentials);
        login.ShouldBe(403, "request.crossSite");
        Assert.IsFalse(login.Response.Headers.Contains("Set-Cookie"));
        var account = new { username = "elsewhere", password = ApiUser.FirstPassword };
        var registered = await FromAsync(s_app.Anonymous(), HttpMethod.Post, "/api/account/register?token=true", Site, account);
        registered.ShouldBe(201);
        Assert.IsFalse(registered.Response.Headers.Contains("Set-Cookie"));
    }

    [TestMethod]
    public async Task Refusals_BeforeAnyCall_CanBeRead()
    {
        var (bot, _) = await s_alice.SignInByTokenAsync();
        var large = await FromAsync(bot, HttpMethod.Post, Send, Site, new { text = new string('x', 1_000_000) });
        large.ShouldBe(413, "request.tooLarge");
        Assert.AreEqual(Site, Header(large, AllowOrigin));
        var host = await bot.AskAsync(HttpMethod.Get, "/api/total", null, request =>
        {
            request.Headers.Host = "elsewhere.example";
            request.Headers.Add("Origin", Site);
        });
        host.ShouldBe(400, "request.hostUnknown");
        Assert.AreEqual(Site, Header(host, AllowOrigin));
    }

    [TestMethod]
    [DataRow("*")]
    [DataRow("app.example")]
    [DataRow("https://app.example/")]
    [DataRow("https://APP.example")]
    [DataRow("https://*.example")]
    public async Task Origin_ThatIsNone_StopsTheStart(string origin)
    {
        var folder = TestMachine.MakeFolder();
        var (code, output) = await ServerProcess.RunAsync(folder, $"--Cors:Origins:0={origin}");
        Directory.Delete(folder, recursive: true);
        Assert.AreEqual(1, code);
        Assert.Contains("Cors:Origins:0", output);
    }

    private static Task<Answer> PreflightAsync(SampleImApp app, string origin) => app.Anonymous()
        .AskAsync(HttpMethod.Options, Send, null, request =>
    {
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
    });

    private static Task<Answer> FromAsync(ApiUser user, HttpMethod method, string path, string origin, object? body = null) =>
        user.AskAsync(method, path, body is null ? null : JsonContent.Create(body), request =>
        {
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
        });

    private static string Header(Answer answer, string name) =>
        answer.Response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
