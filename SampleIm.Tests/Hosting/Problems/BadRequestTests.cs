using System.Text;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Problems;

[TestClass]
public sealed class BadRequestTests
{
    private const string Send = "/api/conversations/lobby/messages";

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_alice = await s_app.RegisterAsync();
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("", "request.malformed", DisplayName = "nothing")]
    [DataRow("null", "request.malformed", DisplayName = "null")]
    [DataRow("[]", "request.malformed", DisplayName = "a list")]
    [DataRow("\"text\"", "request.malformed", DisplayName = "a text")]
    [DataRow("{", "request.malformed", DisplayName = "half an object")]
    [DataRow("{\"text\":", "request.invalid", DisplayName = "half a field")]
    [DataRow("{\"text\":\"a\"", "request.malformed", DisplayName = "no end")]
    [DataRow("{\"text\":5}", "request.invalid", DisplayName = "a number for a text")]
    [DataRow("{\"text\":{\"a\":1}}", "request.invalid", DisplayName = "an object for a text")]
    [DataRow("{\"text\":\"a\\u0000b\"}", "request.invalid", DisplayName = "NUL")]
    [DataRow("{\"text\":\"\\ud800\"}", "request.invalid", DisplayName = "half a pair of surrogates")]
    [DataRow("{\"text\":\"\\udc00\\ud800\"}", "request.invalid", DisplayName = "surrogates in the wrong order")]
    [DataRow("{\"text\":\"a\",\"clientId\":7}", "request.invalid", DisplayName = "a number for a clientId")]
    [DataRow("{\"text\":\"a\",\"text\":\"b\"}", "request.invalid", DisplayName = "a field twice")]
    [DataRow("{\"text\":\"a\",\"TEXT\":\"a\"}", "request.invalid", DisplayName = "a field twice in another case")]
    public async Task Body_ThatCannotBeRead_Is400(string body, string code)
    {
        var answer = await s_alice.PostRawAsync(Send, body);
        answer.ShouldBe(400, code);
        Assert.DoesNotContain("System.", answer.Body);
        Assert.DoesNotContain("SampleIm.", answer.Body);
        Assert.DoesNotContain("Path:", answer.Body);
    }

    [TestMethod]
    [DataRow("POST", "/api/account/register", "{}", "username", "username is required.")]
    [DataRow("POST", "/api/account/register", "{\"username\":\"abc\",\"password\":null}", "password", "password is required.")]
    [DataRow("POST", "/api/account/refresh", "{}", "refreshToken", "refreshToken is required.")]
    [DataRow("POST", "/api/account/password", "{\"currentPassword\":\"x\"}", "newPassword", "newPassword is required.")]
    [DataRow("PUT", "/api/conversations/lobby/read", "{}", "seq", "seq is required.")]
    [DataRow("GET", "/api/users?limit=0", null, "limit", "limit is a number from 1 to 100.")]
    [DataRow("GET", "/api/conversations/lobby/messages/new?limit=501", null, "limit", "limit is a number from 1 to 500.")]
    public async Task WhatIsWrongWithAField_IsSaidByItsJsonName(
        string method, string path, string? body, string field, string reason)
    {
        var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await s_alice.AskAsync(new HttpMethod(method), path, content);
        answer.ShouldBe(400, "request.invalid");
        Assert.AreEqual(reason, answer.Element.GetProperty("errors").GetProperty(field)[0].GetString());
    }

    [TestMethod]
    public async Task Body_ThatIsNoUtf8_Is400()
    {
        (await s_alice.PostRawAsync(Send, [.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8])).ShouldBe(400, "request.invalid");
        (await s_alice.PostRawAsync(Send, [0xFF, 0xFE, 0x7B, 0x00])).ShouldBe(400, "request.malformed");
        (await s_alice.PostRawAsync(Send, Encoding.UTF8.GetBytes("{\"text\":\"x\"}"), "application/json; charset=nonsense"))
            .ShouldBe(415, "request.unsupportedMediaType");
    }

    [TestMethod]
    [DataRow("{\"text\":\"hello\"}", DisplayName = "an even number of bytes")]
    [DataRow("{\"text\":\"hello!\"}", DisplayName = "an odd number of bytes")]
    public async Task Body_ThatClaimsToBeUtf16_Is415(string body) =>
        (await s_alice.PostRawAsync(Send, Encoding.UTF8.GetBytes(body), "application/json; charset=utf-16"))
            .ShouldBe(415, "request.unsupportedMediaType");

    [TestMethod]
    public async Task Answer_IsUtf8_WhateverIsAskedFor()
    {
        var answer = await s_alice.AskAsync(
            HttpMethod.Get, "/api/account", null, request => request.Headers.Add("Accept-Charset", "utf-16"));
        Assert.AreEqual("application/json; charset=utf-8", answer.Response.Content.Headers.ContentType!.ToString());
    }

    [TestMethod]
    [DataRow("/api/users/%20", "user.unknown")]
    [DataRow("/api/users/%C2%85%E2%80%A8", "user.unknown")]
    [DataRow("/api/conversations/%20", "conversation.unknown")]
    [DataRow("/api/conversations/%E3%80%80/messages/new", "conversation.unknown")]
    [DataRow("/media/%20", "media.unknown")]
    public async Task Path_WithABlankName_LeadsNowhere(string path, string code) =>
        (await s_alice.GetAsync(path)).ShouldBe(404, code);

    [TestMethod]
    public async Task Body_NestedTooDeep_Is400()
    {
        var deep = new string('[', 1000) + new string(']', 1000);
        Assert.AreEqual(400, (await s_alice.PostRawAsync(Send, "{\"other\":" + deep + ",\"text\":\"x\"}")).Status);
    }

    [TestMethod]
    [DataRow("application/merge-patch+json")]
    [DataRow("application/vnd.sampleim+json")]
    [DataRow("text/json")]
    [DataRow("text/plain")]
    public async Task Body_OfAnotherType_IsToldWhichIsTaken(string contentType)
    {
        var sent = await s_alice.PostRawAsync(Send, "{\"text\":\"x\"}"u8.ToArray(), contentType);
        sent.ShouldBe(415, "request.unsupportedMediaType");
        Assert.AreEqual("application/json", Header(sent, "Accept"));
        Assert.AreEqual("", Header(sent, "Accept-Patch"));

        using var content = new ByteArrayContent("{\"bio\":null}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var patched = await s_alice.AskAsync(HttpMethod.Patch, "/api/account", content);
        patched.ShouldBe(415, "request.unsupportedMediaType");
        Assert.AreEqual("application/json application/json", $"{Header(patched, "Accept")} {Header(patched, "Accept-Patch")}");

        var uploaded = await s_alice.PostRawAsync("/api/images", [1, 2, 3], contentType);
        uploaded.ShouldBe(415, "request.unsupportedMediaType");
        Assert.AreEqual("multipart/form-data", Header(uploaded, "Accept"));
    }

    [TestMethod]
    public async Task SignIn_ThatIsMissingOrWrong_IsChallengedWithASchemeThatNoBrowserAsksFor()
    {
        const string Challenge = "Bearer realm=\"SampleIm\"";
        var program = s_app.Anonymous();
        Assert.AreEqual(Challenge, Header(await program.GetAsync("/api/total"), "WWW-Authenticate"));
        var wrong = await program.PostAsync("/api/account/token", new { username = "nobody", password = "wrong" });
        Assert.AreEqual(Challenge, Header(wrong, "WWW-Authenticate"));
        program.BearerToken = "forged";
        foreach (var path in new[] { "/api/total", "/api/account" })
        {
            Assert.AreEqual(Challenge + ", error=\"invalid_token\"", Header(await program.GetAsync(path), "WWW-Authenticate"));
        }
    }

    [TestMethod]
    public async Task Body_OfAnotherType_Is415()
    {
        (await s_alice.PostRawAsync(Send, "text=x"u8.ToArray(), "application/x-www-form-urlencoded"))
            .ShouldBe(415, "request.unsupportedMediaType");
        (await s_alice.PostRawAsync(Send, "{}"u8.ToArray(), "text/plain")).ShouldBe(415, "request.unsupportedMediaType");
    }

    [TestMethod]
    public async Task Body_TooLarge_Is413()
    {
        var large = Encoding.ASCII.GetBytes("{\"text\":\"" + new string('x', 70_000) + "\"}");
        (await s_alice.PostRawAsync(Send, large)).ShouldBe(413, "request.tooLarge");
        var chunked =
            await s_alice.AskAsync(HttpMethod.Post, Send,
                new StreamContent(new MemoryStream(large)) { Headers = { { "Content-Type", "application/json" } } },
            request => request.Headers.TransferEncodingChunked = true);
        chunked.ShouldBe(413, "request.tooLarge");
    }

    [TestMethod]
    public async Task Query_WithAParameterTwice_CountsTheFirst()
    {
        (await s_alice.GetAsync("/api/users?limit=0&limit=1")).ShouldBe(400, "request.invalid");
        (await s_alice.GetAsync("/api/users?limit=1&limit=0")).ShouldBe(200);
    }

    [TestMethod]
    public async Task Body_WithUnknownFields_IsTaken()
    {
        (await s_alice.PostRawAsync(Send, "{\"text\":\"x\",\"colour\":\"green\",\"nested\":{\"a\":[1,2]}}")).ShouldBe(201);
    }

    [TestMethod]
    [DataRow("/api/account/register", "{}", "username password")]
    [DataRow("/api/account/register", "{\"username\":null,\"password\":\"correct horse battery\"}", "username")]
    [DataRow("/api/account/login", "{\"username\":\"x\"}", "password")]
    [DataRow("/api/account/login", "{\"username\":1,\"password\":\"x\"}", "username")]
    [DataRow("/api/account/login", "{\"username\":\"x\",\"password\":\"x\",\"rememberMe\":\"yes\"}", "rememberMe")]
    [DataRow("/api/account/refresh", "{}", "refreshToken")]
    public async Task Body_WithoutWhatIsNeeded_NamesTheFields(string path, string body, string fields)
    {
        var answer = await s_app.Anonymous().PostRawAsync(path, body);
        answer.ShouldBe(400, "request.invalid");
        Assert.AreEqual(
            fields,
            string.Join(
                ' ',
                answer.Element.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)
                    .Reverse()));
    }

    [TestMethod]
    [DataRow("GET", "/api/nothing", 404, "request.unknownPath")]
    [DataRow("GET", "/api", 404, "request.unknownPath")]
    [DataRow("GET", "/api/total/more", 404, "request.unknownPath")]
    [DataRow("POST", "/api/conversations/lobby/messages/1/2", 404, "request.unknownPath")]
    [DataRow("GET", "/nothing.html", 404, "request.unknownPath")]
    [DataRow("PUT", "/api/total", 405, "request.methodNotAllowed")]
    [DataRow("DELETE", "/api/account", 405, "request.methodNotAllowed")]
    [DataRow("POST", "/api/conversations/lobby", 405, "request.methodNotAllowed")]
    public async Task Path_ThatIsNone_IsAProblemAndNeverThePage(string method, string path, int status, string code) =>
        (await s_alice.AskAsync(new HttpMethod(method), path, null)).ShouldBe(status, code);

    [TestMethod]
    public async Task Anonymous_GetsNothingButTheDoors()
    {
        var stranger = s_app.Anonymous();
        foreach (var path in new[]
            {
                "/api/account", "/api/total", "/api/conversations", "/api/conversations/lobby", "/api/users", "/api/nothing",
                "/media/x",
            })
        {
            (await stranger.GetAsync(path)).ShouldBe(401, "account.signInRequired");
        }

        (await stranger.PostAsync(Send, new { text = "x" })).ShouldBe(401, "account.signInRequired");
        (await stranger.PostAsync("/api/account/logout")).ShouldBe(401, "account.signInRequired");
        foreach (var path in new[] { "/", "/health/live", "/health/ready", "/swagger/index.html", "/swagger/v1/swagger.json" })
        {
            (await stranger.GetAsync(path)).ShouldBe(200);
        }

        stranger.BearerToken = "forged";
        (await stranger.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public void Codes_AreAllExplainedInTheDocumentation()
    {
        var documentation = File.ReadAllText(Path.Combine(TestMachine.RepositoryPath, "docs", "errors.md"));
        foreach (var kind in ProblemCodes.All)
        {
            StringAssert.Matches(
                documentation, new($@"\| `{kind.Code.Replace(".", "\\.", StringComparison.Ordinal)}` \| {kind.Status} \|"));
        }
    }

    private static string Header(Answer answer, string name) =>
        answer.Response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : "";
}
