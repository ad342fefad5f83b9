using System.Net.Http.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

[TestClass]
public sealed class CrossSiteTests
{
    private const string Logout = "/api/account/logout";

    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("Sec-Fetch-Site", "cross-site")]
    [DataRow("Sec-Fetch-Site", "same-site")]
    [DataRow("Origin", "https://elsewhere.example")]
    [DataRow("Origin", "null")]
    public async Task UnsafeRequest_FromElsewhere_Is403AndHasNoEffect(string header, string value)
    {
        var user = await s_app.RegisterAsync();
        var answer = await user.AskAsync(HttpMethod.Post, Logout, null, request => request.Headers.Add(header, value));
        answer.ShouldBe(403, "request.crossSite");
        await user.TotalAsync();
    }

    [TestMethod]
    public async Task SignIn_ThatAnotherSiteMakesABrowserDo_IsRefused()
    {
        var user = await s_app.RegisterAsync();
        var answer = await s_app.Anonymous().AskAsync(
            HttpMethod.Post, "/api/account/login", JsonContent.Create(
                new { user.Username, password = ApiUser.FirstPassword }), request => request.Headers.Add(
                    "Sec-Fetch-Site", "cross-site"));
        answer.ShouldBe(403, "request.crossSite");
        Assert.IsFalse(answer.Response.Headers.Contains("Set-Cookie"));
    }

    /// <summary>A browser sends such a form to anybody without asking first.</summary>
    [TestMethod]
    public async Task Form_ThatAnotherSiteMakesABrowserSend_IsRefused()
    {
        var user = await s_app.RegisterAsync();
        var form = new MultipartFormDataContent { { new ByteArrayContent(Pictures.Png(3, 2)), "file", "picture.png" } };
        (
            await user.AskAsync(
                HttpMethod.Post, "/api/images", form,
                request => request.Headers.Add("Origin", "https://elsewhere.example"))).ShouldBe(403, "request.crossSite");
    }

    [TestMethod]
    public async Task UnsafeRequest_FromThePage_IsTaken()
    {
        var user = await s_app.RegisterAsync();
        (await user.AskAsync(HttpMethod.Post, Logout, null, request =>
        {
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Add("Origin", s_app.Address.GetLeftPart(UriPartial.Authority));
        })).ShouldBe(204);
        var other = await s_app.RegisterAsync();
        (
            await other.AskAsync(
                HttpMethod.Post, Logout, null,
                request => request.Headers.Add("Origin", s_app.Address.GetLeftPart(UriPartial.Authority)))).ShouldBe(204);
    }

    [TestMethod]
    [DataRow("https://{0}:{1}", DisplayName = "another scheme")]
    [DataRow("http://{0}", DisplayName = "another port")]
    [DataRow("http://{0}:{1}0", DisplayName = "a port that begins alike")]
    [DataRow("http://{0}.example:{1}", DisplayName = "a name that begins alike")]
    public async Task Origin_ThatDiffersInOnePart_IsElsewhere(string origin)
    {
        var user = await s_app.RegisterAsync();
        var elsewhere = string.Format(null, origin, s_app.Address.Host, s_app.Address.Port);
        (await user.AskAsync(HttpMethod.Post, Logout, null,
            request => request.Headers.TryAddWithoutValidation("Origin", elsewhere))).ShouldBe(403, "request.crossSite");
    }

    [TestMethod]
    public async Task SafeRequest_FromElsewhere_IsTaken()
    {
        var user = await s_app.RegisterAsync();
        (await user.AskAsync(HttpMethod.Get, "/api/total", null, request => request.Headers.Add("Sec-Fetch-Site", "cross-site")))
            .ShouldBe(200);
    }
}
