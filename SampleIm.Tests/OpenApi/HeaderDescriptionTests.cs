using System.Globalization;
using System.Net.Http.Headers;
using SampleIm.Api.Images;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.OpenApi;

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
        s_app = new SampleImApp();
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
                Assert.AreEqual((id, status) switch
                {
                    ("GetTotal", "200" or "304") => "Cache-Control ETag X-Poll-Interval",
                    ("GetImage", "200" or "304") => "Cache-Control ETag",
                    ("GetImage", "206") => "Cache-Control Content-Range ETag",
                    ("SendMessage", "200") => "Content-Location",
                    (_, "201") => "Location",
                    (_, "429" or "503") => "Retry-After X-Request-Id",
                    (_, "416") => "Content-Range X-Request-Id",
                    (_, [>= '4', ..]) => "X-Request-Id",
                    _ => "",
                }, string.Join(' ', Description.HeadersOf(answer)), $"{id} {status}");
            }
        }
    }

    [TestMethod]
    public async Task Headers_AreSentAsDescribed()
    {
        ShouldHaveItsHeaders(await s_app.Anonymous().PostAsync("/api/account/register", new { username = "bob", password = ApiUser.FirstPassword }), "POST", "/api/account/register");
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
        ShouldHaveItsHeaders(await s_alice.AskAsync(HttpMethod.Get, image.Url, null, request => request.Headers.Range = new RangeHeaderValue(0, 1)), "GET", "/media/{id}");
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
        var described = Description.HeadersOf(Description.Answers(s_description.Operation(method, path))[answer.Status.ToString(CultureInfo.InvariantCulture)]);
        Assert.AreNotEqual("", string.Join(' ', described));
        var sent = answer.Response.Headers.Concat(answer.Response.Content.Headers).Select(header => header.Key).ToHashSet();
        Assert.AreEqual("", string.Join(' ', described.Where(name => !sent.Contains(name))), $"{method} {path} {answer.Status} lacks a header");
    }
}
