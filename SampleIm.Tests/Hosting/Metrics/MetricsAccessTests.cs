using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Metrics;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class MetricsAccessTests
{
    [TestMethod]
    public async Task Metrics_AreForAdministratorsByCookieAndByToken()
    {
        using var app = new SampleImApp(new() { ["Admin:Users:0"] = "ADA" });
        var (ada, bob) = (await app.RegisterAsync("ada"), await app.RegisterAsync("bob"));
        (await app.Anonymous().GetAsync("/metrics")).ShouldBe(401, "account.signInRequired");
        (await bob.GetAsync("/metrics")).ShouldBe(403, "account.notAdministrator");
        (await (await bob.SignInByTokenAsync()).User.GetAsync("/metrics")).ShouldBe(403, "account.notAdministrator");

        foreach (var administrator in new[] { ada, (await ada.SignInByTokenAsync()).User })
        {
            var answer = await administrator.GetAsync("/metrics");
            answer.ShouldBe(200);
            Assert.AreEqual("text/plain; version=0.0.4; charset=utf-8", answer.Response.Content.Headers.ContentType!.ToString());
            Assert.AreEqual("no-store", answer.Response.Headers.CacheControl!.ToString());
        }

        (await ada.PostAsync("/api/account/logout")).ShouldBe(204);
        (await ada.GetAsync("/metrics")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    [DataRow("127.0.0.1", true)]
    [DataRow("127.0.0.0/8", true)]
    [DataRow("10.0.0.0/8", false)]
    [DataRow("::1", false)]
    public async Task Metrics_AreOpenToTheAddressesThatAreNamed(string addresses, bool isOpen)
    {
        using var app = new SampleImApp(new() { ["Metrics:Addresses:0"] = addresses });
        Assert.AreEqual(isOpen ? 200 : 401, (await app.Anonymous().GetAsync("/metrics")).Status);
        (await FromAsync(app, "X-Forwarded-For", "10.0.0.1")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    [DataRow("X-Forwarded-For", "203.0.113.9")]
    [DataRow("X-Forwarded-For", "127.0.0.1")]
    [DataRow("Forwarded", "for=203.0.113.9")]
    public async Task Metrics_AreClosedToWhoeverComesThroughAProxyAtSuchAnAddress(string header, string value)
    {
        using var app = new SampleImApp(new() { ["Metrics:Addresses:0"] = "127.0.0.1" });
        (await FromAsync(app, header, value)).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Metrics_ThroughATrustedProxy_AreOpenToTheClientsAddress()
    {
        using var app = new SampleImApp(new() { ["Metrics:Addresses:0"] = "203.0.113.9", ["Proxies:Trusted:0"] = "127.0.0.1" });
        (await FromAsync(app, "X-Forwarded-For", "203.0.113.9")).ShouldBe(200);
        (await FromAsync(app, "X-Forwarded-For", "203.0.113.8")).ShouldBe(401, "account.signInRequired");
        (await app.Anonymous().GetAsync("/metrics")).ShouldBe(401, "account.signInRequired");
    }

    private static Task<Answer> FromAsync(SampleImApp app, string header, string value) =>
        app.Anonymous()
            .AskAsync(HttpMethod.Get, "/metrics", null, request => request.Headers.TryAddWithoutValidation(header, value));

    [TestMethod]
    [DataRow(
        "Metrics:Addresses:0", "somewhere",
        "Metrics:Addresses: 'somewhere' is neither an address, such as 127.0.0.1, nor a network, such as 10.1.0.0/16.")]
    [DataRow(
        "Metrics:OtlpEndpoint", "localhost:4318",
        "Metrics:OtlpEndpoint: It is no address such as http://localhost:4318/v1/metrics.")]
    public async Task AWrongSetting_StopsTheStartWithOneReadableLine(string setting, string value, string line)
    {
        var dataPath = TestMachine.MakeFolder();
        var (exitCode, output) = await ServerProcess.RunAsync(dataPath, $"--{setting}={value}");
        Assert.AreEqual(1, exitCode);
        Assert.AreEqual("SampleIm cannot start. " + line, output.Trim());
        Directory.Delete(dataPath, recursive: true);
    }
}
