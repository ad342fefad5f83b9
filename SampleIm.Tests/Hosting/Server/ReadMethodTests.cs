using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Server;

/// <summary>What HTTP says of every path: HEAD is GET without the body, OPTIONS tells the methods.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class ReadMethodTests
{
    private static readonly string[] s_ofEachAnswer = ["Date", "X-Request-Id", "Transfer-Encoding", "Content-Length"];

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static string s_picture = "";

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new() { ["Admin:Users:0"] = "alice" });
        s_alice = await s_app.RegisterAsync("alice");
        await s_alice.SendAsync("lobby", "hello");
        s_picture = (await s_alice.UploadPictureAsync()).Url;
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("/")]
    [DataRow("/index.html")]
    [DataRow("/dist/main.js")]
    [DataRow("/swagger")]
    [DataRow("/swagger/index.html")]
    [DataRow("/swagger/index.js")]
    [DataRow("/swagger/v1/swagger.json")]
    [DataRow("/health/live")]
    [DataRow("/health/ready")]
    [DataRow("/metrics")]
    [DataRow("/media")]
    [DataRow("/media/unknown")]
    [DataRow("/api/account")]
    [DataRow("/api/users?query=a")]
    [DataRow("/api/users/alice")]
    [DataRow("/api/total")]
    [DataRow("/api/conversations")]
    [DataRow("/api/conversations/lobby")]
    [DataRow("/api/conversations/unknown")]
    [DataRow("/api/conversations/lobby/messages/new")]
    [DataRow("/api/conversations/lobby/messages/history?limit=0")]
    [DataRow("/api/conversations/lobby/messages/1")]
    public async Task Head_IsAnsweredAsGet_WithoutTheBody(string path)
    {
        path = path == "/media" ? s_picture : path;
        var get = await s_alice.GetAsync(path);
        var head = await s_alice.AskAsync(HttpMethod.Head, path, null);
        Assert.AreEqual((get.Status, ""), (head.Status, head.Body));
        Assert.AreEqual(HeadersOf(get), HeadersOf(head));
        // A JSON answer tells no length beforehand, and the metrics differ each time.
        if (path != "/metrics" && head.Response.Content.Headers.ContentLength is > 0 and var told)
        {
            Assert.AreEqual(get.Response.Content.Headers.ContentLength, told);
        }
    }

    [TestMethod]
    public void EveryGet_HasAHead()
    {
        foreach (var endpoint in s_app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods;
            Assert.AreEqual(methods.Contains("GET"), methods.Contains("HEAD"), endpoint.RoutePattern.RawText);
        }
    }

    [TestMethod]
    public async Task Options_TellTheMethodsOfEveryPath_WithoutASignIn()
    {
        var paths = s_app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .GroupBy(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'));
        foreach (var path in paths)
        {
            var answer = await s_app.Anonymous()
                .AskAsync(HttpMethod.Options, path.Key.Replace("{seq}", "1", StringComparison.Ordinal), null);
            Assert.AreEqual((204, ""), (answer.Status, answer.Body), path.Key);
            var methods = path.SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
                .Append("OPTIONS").Order().Distinct().ToList();
            var allowed = answer.Response.Content.Headers.Allow.Order();
            if (path.Key.Contains("/messages/", StringComparison.Ordinal) && !path.Key.EndsWith('}'))
            {
                // "new" might also be the number of a message: its path has the methods of both.
                allowed = allowed.Where(methods.Contains).Order();
            }

            Assert.AreEqual(string.Join(' ', methods), string.Join(' ', allowed), path.Key);
        }
    }

    [TestMethod]
    public async Task Options_OfAPathThatLeadsNowhere_TellNothing() =>
        Assert.AreEqual(401, (await s_app.Anonymous().AskAsync(HttpMethod.Options, "/api/nothing", null)).Status);

    [TestMethod]
    [DataRow("gzip;q=0,gzip")]
    [DataRow("x, GZIP;q=0, gzip;q=0.5")]
    [DataRow("gzip;q=0, *;q=0")]
    [DataRow("gzip;q =0, gzip")]
    [DataRow("gzip;q= 0,gzip")]
    [DataRow("gzip;q\t=0,gzip")]
    [DataRow("gzip ; Q = 0.000 , gzip")]
    [DataRow("*;q= 0, *, GZIP; q =0, gzip;q=1, br;q=0")]
    public async Task AcceptEncoding_ThatContradictsItself_GetsThePlainAnswer(string header)
    {
        foreach (var path in new[] { "/", "/dist/main.js", "/swagger/v1/swagger.json", "/api/account" })
        {
            var answer = await s_alice.AskAsync(HttpMethod.Get, path, null, request =>
                request.Headers.TryAddWithoutValidation("Accept-Encoding", header));
            answer.ShouldBe(200);
            Assert.DoesNotContain("gzip", answer.Response.Content.Headers.ContentEncoding);
        }
    }

    [TestMethod]
    [DataRow("80000000")]
    [DataRow("ffffffff")]
    [DataRow("fffffffffffffffff")]
    [DataRow("-1")]
    [DataRow("0x5")]
    [DataRow("g")]
    public async Task Chunk_OfASizeThatIsNone_Is400AndNoFaultOfTheServer(string size)
    {
        using var log = new CapturedLog();
        using var app = new SampleImApp(log: log);
        foreach (var path in new[] { "/api/account/login", "/api/account/register" })
        {
            using var connection = await WireConnection.OpenAsync(app.Address);
            await connection.SendAsync($"POST {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\n"
                + $"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n");
            var answer = (await connection.ReadAsync(TimeSpan.FromSeconds(30)))!;
            Assert.AreEqual(400, answer.Status, answer.Text);
            Assert.Contains("request.malformed", answer.Text);
        }

        Assert.IsFalse(log.Lines.Any(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error),
            string.Join('\n', log.Lines.Select(line => line.Text)));
    }

    private static string HeadersOf(Answer answer) =>
        string.Join('\n', answer.Response.Headers.Concat(answer.Response.Content.Headers)
        .Where(header => !s_ofEachAnswer.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order());
}
