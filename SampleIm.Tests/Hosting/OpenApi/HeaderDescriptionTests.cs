using System.Globalization;
using System.Net.Http.Headers;
using SampleIm.Api.Chat.Files;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.OpenApi;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class HeaderDescriptionTests
{
    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static Description s_description = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new() { ["RateLimits:Enabled"] = "true" });
        s_alice = await s_app.RegisterAsync("alice");
        s_description = await Description.ReadAsync(s_app);
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public void Headers_AreDescribedWhereTheyAreSent()
    {
        foreach (var (_, _, operation) in s_description.Calls)
        {
            var id = operation.GetProperty("operationId").GetString();
            foreach (var (status, answer) in Description.Answers(operation))
            {
                Assert.AreEqual(Expected(id!, status), string.Join(' ', Description.HeadersOf(answer)), $"{id} {status}");
            }
        }
    }

    /// <summary>The names in order.</summary>
    private static string Expected(string id, string status)
    {
        var limited = id is "Register" or "Login" or "CreateToken" or "Refresh" or "UpdateAccount" or "ChangePassword"
            or "FindUsers" or "SendMessage" or "EditMessage" or "UploadImage";
        var names = new List<string> { "Cache-Control", "X-Request-Id" };
        names.AddRange(limited ? ["RateLimit", "RateLimit-Policy"] : []);
        names.AddRange(id is "Register" or "Login" or "Logout" or "ChangePassword" && status[0] is '2' ? ["Set-Cookie"] : []);
        names.AddRange(status switch
        {
            "201" => ["Location"],
            "401" => ["WWW-Authenticate"],
            "415" when id is "UpdateAccount" or "EditMessage" => ["Accept", "Accept-Patch"],
            "415" => ["Accept"],
            "429" or "503" or "507" => ["Retry-After"],
            _ => [],
        });
        names.AddRange((id, status) switch
        {
            ("SendMessage", "200") => ["Content-Location"],
            ("GetTotal", "200" or "304") => ["ETag", "X-Poll-Interval"],
            ("GetImage", "200") => ["Accept-Ranges", "ETag", "Last-Modified"],
            ("GetImage", "206" or "416") => ["Accept-Ranges", "Content-Range", "ETag", "Last-Modified"],
            ("GetImage", "304" or "412") => ["ETag", "Last-Modified"],
            _ => [],
        });
        return string.Join(' ', names.Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public async Task Headers_AreSentAsDescribed()
    {
        var bob = s_app.Anonymous();
        var account = new { username = "bob", password = ApiUser.FirstPassword };
        ShouldHaveItsHeaders(await bob.PostAsync("/api/account/register", account), "POST", "/api/account/register");
        var change = new { currentPassword = ApiUser.FirstPassword, newPassword = ApiUser.FirstPassword + " and more" };
        ShouldHaveItsHeaders(await bob.PostAsync("/api/account/password", change), "POST", "/api/account/password");
        for (var times = 0; times < 2; times++)
        {
            // 201 and then 200.
            ShouldHaveItsHeaders(
                await s_alice.PostAsync("/api/conversations/lobby/messages", new { text = "hello", clientId = "headers" }),
                    "POST", "/api/conversations/{id}/messages");
        }

        var total = await s_alice.GetAsync("/api/total");
        ShouldHaveItsHeaders(total, "GET", "/api/total");
        ShouldHaveItsHeaders(await s_alice.GetAsync("/api/total", total.Response.Headers.ETag!.ToString()), "GET", "/api/total");

        var upload = await s_alice.UploadAsync(Pictures.Png(3, 2));
        ShouldHaveItsHeaders(upload, "POST", "/api/images");
        var image = upload.As<ImageResponse>();
        ShouldHaveItsHeaders(await s_alice.GetAsync(image.Url), "GET", "/media/{id}");
        ShouldHaveItsHeaders(await s_alice.GetAsync(image.Url, $"\"{image.Id}\""), "GET", "/media/{id}");
        ShouldHaveItsHeaders(
            await s_alice.AskAsync(
                HttpMethod.Get, image.Url, null, request => request.Headers.Range = new RangeHeaderValue(0, 1)),
            "GET", "/media/{id}");
    }

    [TestMethod]
    [DataRow("GET", "/api/total", "If-None-Match")]
    [DataRow("GET", "/media/{id}", "If-None-Match Range")]
    [DataRow("POST", "/api/conversations/{id}/messages", "Idempotency-Key")]
    public void Headers_ThatAreRead_AreOfferedEmpty(string method, string path, string expected)
    {
        var headers = Description.Parameters(s_description.Operation(method, path))
            .Where(parameter => parameter.GetProperty("in").GetString() == "header").ToList();
        Assert.AreEqual(expected, string.Join(' ', headers.Select(header => header.GetProperty("name").GetString())));
        Assert.IsFalse(headers.Exists(header => header.TryGetProperty("example", out _)));
    }

    private static void ShouldHaveItsHeaders(Answer answer, string method, string path)
    {
        // So many polls are answered with 304 that an id for each would be most of what they allocate.
        string[] exempt = (path, answer.Status) is ("/api/total", 304) ? ["X-Request-Id"] : [];
        var described = Description.HeadersOf(
            Description.Answers(s_description.Operation(method, path))[answer.Status.ToString(CultureInfo.InvariantCulture)]);
        Assert.AreNotEqual("", string.Join(' ', described));
        var sent = answer.Response.Headers.Concat(answer.Response.Content.Headers).Select(header => header.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = string.Join(' ', described.Except(exempt).Where(name => !sent.Contains(name)));
        Assert.AreEqual("", missing, $"{method} {path} {answer.Status} lacks a header");
    }
}
