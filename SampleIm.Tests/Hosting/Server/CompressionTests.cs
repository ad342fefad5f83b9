using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Server;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Server;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class CompressionTests
{
    private const string New = "/api/conversations/lobby/messages/new?after=0&limit=500";

    /// <summary>Calls whose answers are JSON and stay as they are, and why.</summary>
    private static readonly Dictionary<string, string> s_reasons = new()
    {
        ["GetTotal"] = "previews of several conversations: what a stranger wrote beside what nobody else may read",
        ["GetConversations"] = "the same previews",
        ["GetConversation"] = "shorter than a kilobyte",
        ["MarkRead"] = "no body",
        ["Register"] = "the account: an e-mail address beside texts that others may have suggested",
        ["Login"] = "the account, or tokens",
        ["CreateToken"] = "tokens",
        ["Refresh"] = "tokens",
        ["Logout"] = "no body",
        ["GetAccount"] = "the account",
        ["UpdateAccount"] = "the account",
        ["ChangePassword"] = "no body",
        ["UploadImage"] = "shorter than a kilobyte",
        ["GetImage"] = "a picture, which is compressed by itself",
        ["GetLive"] = "shorter than a kilobyte",
        ["GetReady"] = "shorter than a kilobyte",
        ["GetLimits"] = "shorter than a kilobyte",
        ["GetMetrics"] = "for a monitoring program near by",
    };

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_alice = await s_app.RegisterAsync("alice");
        for (var count = 0; count < 20; count++)
        {
            await s_alice.SendAsync("lobby", $"message {count}, 你好 👋 " + new string((char)('a' + count), 200));
        }
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("gzip", "gzip")]
    [DataRow("br", "br")]
    [DataRow("gzip, deflate, br, zstd", "br")]
    [DataRow("br;q=0, *", "gzip")]
    public async Task LongAnswer_ComesCompressed(string accepted, string used)
    {
        var plain = await s_alice.GetAsync(New);
        var (answer, bytes) = await AskAsync(New, accepted);
        Assert.AreEqual(used, answer.Content.Headers.ContentEncoding.Single());
        Assert.IsLessThan(plain.Body.Length / 3, bytes.Length);
        Assert.AreEqual(plain.Body, Unpack(bytes, used));
        foreach (var response in new[] { answer, plain.Response })
        {
            Assert.AreEqual("Accept-Encoding", response.Headers.Vary.Single());
        }
    }

    [TestMethod]
    [DataRow(New, "identity")]
    [DataRow(New, "gzip;q=0")]
    [DataRow(New, "zstd")]
    [DataRow("/api/conversations/lobby/messages/1", "gzip, br")]
    [DataRow("/api/users?query=alice", "gzip, br")]
    [DataRow("/api/conversations/lobby/messages/99", "gzip, br")]
    public async Task Answer_ThatIsShortOrWantedPlain_ComesPlain(string path, string accepted)
    {
        var (answer, bytes) = await AskAsync(path, accepted);
        Assert.IsEmpty(answer.Content.Headers.ContentEncoding);
        Assert.AreEqual('{', (char)bytes[0]);
        Assert.AreEqual('}', (char)bytes[^1]);
    }

    [TestMethod]
    public async Task Answer_WithASecret_IsNeverCompressed()
    {
        (await s_alice.PatchAsync("/api/account", new { bio = new string('b', 500), displayName = "Alice" })).ShouldBe(200);
        foreach (var path in new[] { "/api/account", "/api/total", "/api/conversations" })
        {
            Assert.IsEmpty((await AskAsync(path, "gzip, br")).Answer.Content.Headers.ContentEncoding, path);
        }

        var login = await s_app.Anonymous().AskAsync(
            HttpMethod.Post, "/api/account/login?token=true",
                System.Net.Http.Json.JsonContent.Create(new { s_alice.Username, password = ApiUser.FirstPassword }),
            request => request.Headers.Add("Accept-Encoding", "gzip, br"));
        login.ShouldBe(200);
        Assert.IsEmpty(login.Response.Content.Headers.ContentEncoding);
    }

    [TestMethod]
    public void EveryCall_IsCompressedOrHasAReason()
    {
        var calls = s_app.Get<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<SwaggerPageAttribute>() is null
                && endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is not null);
        foreach (var call in calls)
        {
            var name = call.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
            var controller = call.Metadata.GetMetadata<ControllerActionDescriptor>()?.ControllerTypeInfo;
            var isCompressed = controller?.IsDefined(typeof(CompressedAttribute), false) is true;
            Assert.AreNotEqual(isCompressed, s_reasons.ContainsKey(name), name);
        }
    }

    private static async Task<(HttpResponseMessage Answer, byte[] Bytes)> AskAsync(string path, string accepted)
    {
        using var client =
            new HttpClient(new HttpClientHandler { CookieContainer = s_alice.Cookies }) { BaseAddress = s_app.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        var answer = await client.SendAsync(request);
        return (answer, await answer.Content.ReadAsByteArrayAsync());
    }

    private static string Unpack(byte[] bytes, string encoding)
    {
        using var source = new MemoryStream(bytes);
        using Stream stream = encoding == "br" ? new BrotliStream(source, CompressionMode.Decompress)
            : new GZipStream(source, CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
