using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Addresses;

/// <summary>The tests call from 127.0.0.1: whether that is a trusted proxy is the setting's to say.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class TrustedProxyTests
{
    private const string Login = "/api/account/login";

    [TestMethod]
    public async Task Addresses_ThatATrustedProxyTells_AreLimitedEachForItself()
    {
        using var app = AppThatTrusts("127.0.0.1");
        await ShouldHaveOneTryEachAsync(app, "203.0.113.1", "203.0.113.2");
    }

    [TestMethod]
    [DataRow("127.0.0.0/8")]
    [DataRow("::ffff:127.0.0.1")]
    [DataRow("::ffff:127.0.0.0/104")]
    public async Task Proxies_CanBeGivenAsANetworkAndInIPv6Form(string trusted)
    {
        using var app = AppThatTrusts(trusted);
        await ShouldHaveOneTryEachAsync(app, "203.0.113.1", "203.0.113.2");
    }

    [TestMethod]
    public async Task Addresses_OfOneIPv6Network_AreOneClient()
    {
        using var app = AppThatTrusts("127.0.0.1");
        await ShouldHaveOneTryEachAsync(app, "2001:db8:0:1::1", "2001:db8:0:2::1");
        (await TryAsync(app, "2001:db8:0:1:ffff::7")).ShouldBe(429, "request.rateLimited");
    }

    [TestMethod]
    public async Task Addresses_ThatAClientMakesUpBeforeTheProxy_DoNotCount()
    {
        using var app = AppThatTrusts("127.0.0.1");
        (await TryAsync(app, "198.51.100.1, 203.0.113.1")).ShouldBe(401, "account.badCredentials");
        (await TryAsync(app, "198.51.100.2, 203.0.113.1")).ShouldBe(429, "request.rateLimited");
    }

    [TestMethod]
    public async Task Addresses_ThroughTwoTrustedProxies_AreTheClients()
    {
        using var app = AppThatTrusts("127.0.0.1", "10.1.0.0/16");
        await ShouldHaveOneTryEachAsync(app, "203.0.113.1, 10.1.2.3", "203.0.113.2, 10.1.2.3");
        (await TryAsync(app, "198.51.100.1, 203.0.113.1, 10.1.2.3")).ShouldBe(429, "request.rateLimited");
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("192.0.2.1")]
    public async Task Headers_OfAnybodyElse_MeanNothing(string? trusted)
    {
        using var app = trusted is null ? AppThatTrusts() : AppThatTrusts(trusted);
        var answer = await TryAsync(app, "203.0.113.1");
        answer.ShouldBe(401, "account.badCredentials");
        Assert.IsFalse(answer.Response.Headers.Contains("Strict-Transport-Security"));
        (await TryAsync(app, "203.0.113.2")).ShouldBe(429, "request.rateLimited");
        Assert.DoesNotContain("secure", await RegisterAsync(app));
    }

    [TestMethod]
    public async Task Https_ThatATrustedProxyTells_MakesTheCookieSecureAndTheHostStrict()
    {
        using var app = AppThatTrusts("127.0.0.1");
        Assert.Contains("; secure", await RegisterAsync(app));
        var answer = await TryAsync(app, "203.0.113.1");
        Assert.AreEqual("max-age=31536000", answer.Response.Headers.GetValues("Strict-Transport-Security").Single());
        var plain = await app.Anonymous()
            .AskAsync(HttpMethod.Get, "/", null, request => request.Headers.Add("X-Forwarded-For", "203.0.113.1"));
        Assert.IsFalse(plain.Response.Headers.Contains("Strict-Transport-Security"));
    }

    private static SampleImApp AppThatTrusts(params string[] proxies)
    {
        var settings = new Dictionary<string, string>
        {
            ["RateLimits:Enabled"] = "true",
            ["RateLimits:Login:Permits"] = "1",
            ["RateLimits:Login:Window"] = "01:00:00",
            ["AllowedHosts"] = "chat.example;127.0.0.1",
        };
        for (var index = 0; index < proxies.Length; index++)
        {
            settings[$"Proxies:Trusted:{index}"] = proxies[index];
        }

        return new SampleImApp(settings);
    }

    private static async Task ShouldHaveOneTryEachAsync(SampleImApp app, params string[] clients)
    {
        foreach (var client in clients)
        {
            (await TryAsync(app, client)).ShouldBe(401, "account.badCredentials");
        }

        foreach (var client in clients)
        {
            (await TryAsync(app, client)).ShouldBe(429, "request.rateLimited");
        }
    }

    private static Task<Answer> TryAsync(SampleImApp app, string forwardedFor) =>
        PostAsync(app, Login, new { username = "nobody", password = "wrong" }, forwardedFor);

    private static async Task<string> RegisterAsync(SampleImApp app) =>
        (
            await PostAsync(
                app, "/api/account/register", new { username = "alice", password = ApiUser.FirstPassword }, "203.0.113.9"))
            .Response.Headers.GetValues("Set-Cookie").First();

    private static Task<Answer> PostAsync(SampleImApp app, string path, object body, string forwardedFor) =>
        app.Anonymous().AskAsync(HttpMethod.Post, path, System.Net.Http.Json.JsonContent.Create(body), request =>
        {
            request.Headers.Host = "chat.example";
            request.Headers.Add("X-Forwarded-For", forwardedFor);
            request.Headers.Add("X-Forwarded-Proto", string.Join(", ", forwardedFor.Split(',').Select(_ => "https")));
        });
}
