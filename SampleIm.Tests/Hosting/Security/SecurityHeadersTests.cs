using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Api.Chat.Files;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SecurityHeadersTests
{
    private const string Policy = "Content-Security-Policy";
    private const string Permissions = "Permissions-Policy";

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static ImageResponse s_image = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_alice = await s_app.RegisterAsync();
        s_image = await s_alice.UploadPictureAsync();
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow(200, "/")]
    [DataRow(304, "/", "If-None-Match", "*")]
    [DataRow(200, "/INDEX.html")]
    [DataRow(200, "/favicon.svg")]
    [DataRow(200, "/swagger/index.html")]
    [DataRow(200, "/swagger/v1/swagger.json")]
    [DataRow(200, "/health/live")]
    [DataRow(200, "/api/account")]
    [DataRow(200, "/media")]
    [DataRow(206, "/media", "Range", "bytes=0-1")]
    [DataRow(304, "/media", "If-None-Match", "*")]
    [DataRow(416, "/media", "Range", "bytes=900-")]
    [DataRow(404, "/media/none")]
    [DataRow(404, "/api/nothing")]
    [DataRow(400, "/api/users?limit=0")]
    public async Task EveryAnswer_ToAGet_KeepsBrowsersFromMisusingIt(
        int status, string path, string? header = null, string? value = null)
    {
        var answer = await s_alice.AskAsync(HttpMethod.Get, path == "/media" ? s_image.Url : path, null, request =>
        {
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }
        });
        Assert.AreEqual(status, answer.Status);
        ShouldBeGuardedAsADocument(answer);
    }

    [TestMethod]
    public async Task EveryAnswer_ToAWrite_KeepsBrowsersFromMisusingIt()
    {
        var sent = await s_alice.PostAsync("/api/conversations/lobby/messages", new { text = "hello" });
        var writes = new (int Status, Answer Answer)[]
        {
            (201, sent),
            (204, await s_alice.PutAsync("/api/conversations/lobby/read", new { seq = 1 })),
            (400, await s_alice.PostRawAsync("/api/conversations/lobby/messages", "{")),
            (401, await s_app.Anonymous().PostAsync("/api/account/logout")),
            (
                403,
                await s_alice.AskAsync(
                    HttpMethod.Post, "/api/account/logout", null,
                    request => request.Headers.Add("Sec-Fetch-Site", "cross-site"))),
            (405, await s_alice.DeleteAsync("/api/account")),
            (
                409,
                await s_app.Anonymous()
                    .PostAsync("/api/account/register", new { s_alice.Username, password = ApiUser.FirstPassword })),
            (413, await s_alice.PostRawAsync("/api/conversations/lobby/messages", new byte[70_000])),
            (415, await s_alice.PostRawAsync("/api/conversations/lobby/messages", [1], "text/plain")),
        };
        foreach (var (status, answer) in writes)
        {
            Assert.AreEqual(status, answer.Status, answer.Body);
            ShouldBeGuardedAsADocument(answer);
        }
    }

    [TestMethod]
    public async Task Poll_IsGuardedAlsoWhenNothingHasChanged()
    {
        var total = await s_alice.GetAsync("/api/total");
        ShouldBeGuarded(total);
        var unchanged = await s_alice.GetAsync("/api/total", total.Response.Headers.ETag!.ToString());
        Assert.AreEqual(304, unchanged.Status);
        ShouldBeGuarded(unchanged);
    }

    [TestMethod]
    [DataRow("/api/account")]
    [DataRow("/api/users?query=a")]
    [DataRow("/api/conversations")]
    [DataRow("/api/conversations/lobby")]
    [DataRow("/api/conversations/lobby/messages/new")]
    [DataRow("/API/Conversations/lobby/messages/history")]
    [DataRow("/api/nothing")]
    public async Task Answer_ThatIsSomebodysOwn_IsKeptByNobody(string path) =>
        Assert.AreEqual("no-store", (await s_alice.GetAsync(path)).Response.Headers.CacheControl!.ToString());

    /// <summary>What an answer is, the call decides that answered, and not how the path was written.</summary>
    [TestMethod]
    [DataRow("/api/account/")]
    [DataRow("/API/Account")]
    [DataRow("/api/account/.")]
    [DataRow("/api/./account")]
    [DataRow("/x/../api/account")]
    [DataRow("/api/%2e/account")]
    [DataRow("/x/%2e%2e/api/account/")]
    [DataRow("/%61pi/account")]
    [DataRow("//api/account")]
    [DataRow("/api//account")]
    [DataRow("/api/account//")]
    [DataRow("/api/account;x")]
    [DataRow("/api/account/;x")]
    [DataRow("/api/account%2F")]
    [DataRow("/api/account?/")]
    [DataRow("/api/users/")]
    [DataRow("/api/conversations/lobby/messages/new/")]
    [DataRow("/api/total/")]
    [DataRow("/health/live/")]
    [DataRow("/nothing/")]
    public async Task Answer_InEverySpellingOfItsPath_IsKeptByNobodyAndRunsNothing(string target)
    {
        using var connection = await WireConnection.OpenAsync(s_app.Address);
        var cookie = s_alice.Cookies.GetCookieHeader(s_app.Address);
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: {s_app.Address.Authority}\r\nCookie: {cookie}\r\n\r\n");
        var answer = (await connection.ReadAsync(TimeSpan.FromSeconds(30)))!;
        if (target.StartsWith("/api/total", StringComparison.Ordinal))
        {
            // It is asked about each time, and a document it is not.
            Assert.AreEqual("private, no-cache", answer.Headers["Cache-Control"]);
            return;
        }

        Assert.AreEqual("no-store", answer.Headers["Cache-Control"], answer.Text);
        Assert.AreEqual("default-src 'none'; frame-ancestors 'none'", answer.Headers[Policy]);
    }

    [TestMethod]
    [DataRow("/api/account/login?token=true")]
    [DataRow("/api/account/login/?token=true")]
    [DataRow("/API/account/Login?token=true")]
    [DataRow("/api/account/%6Cogin?token=true")]
    [DataRow("/x/../api/account/login/?token=true")]
    public async Task Tokens_InEverySpellingOfThePath_AreKeptByNobody(string target)
    {
        var body = $$"""{"username":"{{s_alice.Username}}","password":"{{ApiUser.FirstPassword}}"}""";
        using var connection = await WireConnection.OpenAsync(s_app.Address);
        await connection.SendAsync($"POST {target} HTTP/1.1\r\nHost: {s_app.Address.Authority}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var answer = (await connection.ReadAsync(TimeSpan.FromSeconds(30)))!;
        Assert.AreEqual(200, answer.Status, answer.Text);
        Assert.Contains("accessToken", answer.Text);
        Assert.Contains("no-store", answer.Headers["Cache-Control"]);
    }

    [TestMethod]
    public async Task Page_IsTheRootAndNoOtherPath()
    {
        Assert.AreEqual("text/html", (await s_app.Anonymous().GetAsync("/")).Response.Content.Headers.ContentType!.MediaType);
        foreach (var path in new[] { "/dist/", "/img/", "/lib/", "/x/" })
        {
            (await s_app.Anonymous().GetAsync(path)).ShouldBe(401, "account.signInRequired");
        }
    }

    [TestMethod]
    public async Task Fault_OfTheServer_IsGuardedToo()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        await app.ExecuteAsync("ALTER TABLE images RENAME TO images_gone");
        var answer = await alice.GetAsync("/media/x");
        answer.ShouldBe(500, "server.error");
        ShouldBeGuardedAsADocument(answer);
    }

    [TestMethod]
    public async Task EveryFile_ThatIsHtml_HasThePagesPolicyOrOneThatRunsNothing()
    {
        var files = s_app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct().ToList();
        Assert.IsGreaterThan(20, files.Count);
        var pages = 0;
        foreach (var file in files)
        {
            var answer = await s_alice.GetAsync(file);
            ShouldBeGuarded(answer);
            if (answer.Response.Content.Headers.ContentType?.MediaType == "text/html")
            {
                pages++;
                Assert.IsTrue(Header(answer, Policy).StartsWith("default-src ", StringComparison.Ordinal), file);
            }
        }

        Assert.IsGreaterThan(0, pages);
    }

    [TestMethod]
    public async Task Picture_OpenedByItself_RunsNothingAndIsForThisSiteAlone()
    {
        var answer = await s_alice.GetAsync(s_image.Url);
        Assert.AreEqual("default-src 'none'; frame-ancestors 'none'; sandbox", Header(answer, Policy));
        Assert.AreEqual("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
    }

    [TestMethod]
    public async Task Http_IsNeverToldToBeHttps() =>
        Assert.IsFalse((await s_alice.GetAsync("/")).Response.Headers.Contains("Strict-Transport-Security"));

    /// <summary>A browser may show it by itself: then it loads nothing from elsewhere and gets at no device.</summary>
    private static void ShouldBeGuardedAsADocument(Answer answer)
    {
        ShouldBeGuarded(answer);
        StringAssert.StartsWith(Header(answer, Policy), "default-src '");
        Assert.Contains("camera=()", Header(answer, Permissions));
    }

    /// <summary>Inline script is allowed nowhere; inline styles in Swagger's own pages alone.</summary>
    private static void ShouldBeGuarded(Answer answer)
    {
        var path = answer.Response.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.AreEqual("nosniff", Header(answer, "X-Content-Type-Options"), path);
        Assert.AreEqual("same-origin", Header(answer, "Referrer-Policy"), path);
        Assert.Contains("frame-ancestors 'none'", Header(answer, Policy), path);
        var withoutStyles = Header(answer, Policy).Replace("style-src 'self' 'unsafe-inline'", "", StringComparison.Ordinal);
        Assert.DoesNotContain(
            "unsafe", path.StartsWith("/swagger", StringComparison.Ordinal) ? withoutStyles : Header(answer, Policy), path);
    }

    private static string Header(Answer answer, string name) =>
        answer.Response.Headers.TryGetValues(name, out var values) ? values.Single() : "";
}
