using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageTests
{
    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("/")]
    [DataRow("/index.html")]
    [DataRow("/INDEX.html")]
    public async Task Page_HasAStrictPolicyAndNoInlineScript(string path)
    {
        var answer = await s_app.Anonymous().GetAsync(path);
        Assert.AreEqual("text/html", answer.Response.Content.Headers.ContentType!.MediaType);
        var policy = answer.Response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.AreEqual("nosniff", answer.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.IsTrue(answer.Response.Headers.Contains("Referrer-Policy"));
        const string Script = "<script(?<attributes>[^>]*)>(?<body>.*?)</script>";
        foreach (Match script in Regex.Matches(answer.Body, Script, RegexOptions.Singleline))
        {
            Assert.IsTrue(
                script.Groups["body"].Length == 0
                    || script.Groups["attributes"].Value.Contains("importmap", StringComparison.Ordinal),
                script.Value);
        }

        Assert.IsFalse(Regex.IsMatch(answer.Body, "\\s(style|on[a-z]+)="));
    }

    [TestMethod]
    public async Task Page_UnderEachOfItsNames_HasThePolicy()
    {
        var policy = (await s_app.Anonymous().GetAsync("/")).Response.Headers.GetValues("Content-Security-Policy").Single();
        var names = s_app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<SwaggerPageAttribute>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(name => name.Contains(".html", StringComparison.Ordinal) && !name.StartsWith("lib/", StringComparison.Ordinal))
            .Distinct().ToList();
        Assert.IsGreaterThan(1, names.Count);
        foreach (var name in names.SelectMany(name => new[] { name, name.ToUpperInvariant(), name + "/" }))
        {
            var answer = await s_app.Anonymous().GetAsync("/" + name);
            answer.ShouldBe(200);
            Assert.AreEqual(policy, answer.Response.Headers.GetValues("Content-Security-Policy").Single(), name);
        }
    }

    [TestMethod]
    public async Task Scripts_AreFingerprintedAndKeptForGood()
    {
        var page = await s_app.Anonymous().GetAsync("/");
        var script = Regex.Match(page.Body, "<script type=\"module\" src=\"(?<path>[^\"]+)\"").Groups["path"].Value;
        StringAssert.Matches(script, new(@"dist/main\.[a-z0-9]+\.js"));
        var answer = await s_app.Anonymous().GetAsync("/" + script);
        answer.ShouldBe(200);
        Assert.AreEqual("max-age=31536000, immutable", answer.Response.Headers.CacheControl!.ToString());
        Assert.IsGreaterThan(100, answer.Body.Length);
        var chat = Regex.Match(page.Body, "dist/chat\\.[a-z0-9]{10}\\.js").Value;
        (await s_app.Anonymous().GetAsync("/" + chat)).ShouldBe(200);
    }
}
