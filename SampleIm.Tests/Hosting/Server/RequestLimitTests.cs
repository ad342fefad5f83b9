using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Server;

/// <summary>
/// What is too large or too slow to become a request. Kestrel answers the headers itself: with a status and no body.
/// </summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class RequestLimitTests
{
    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new()
        {
            ["Server:HeadersTimeout"] = "00:00:01",
            ["Server:KeepAlive"] = "00:00:05",
            ["Server:BodyGrace"] = "00:00:02",
            ["Server:MinBodyRate"] = "1000000",
        });
        s_alice = await s_app.RegisterAsync();
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public async Task Headers_ThatDrip_AreCut()
    {
        using var connection = await RawConnection.OpenAsync(s_app.Address);
        await connection.WriteAsync("GET /health/live HTTP/1.1\r\nHost: here\r\nX-Slow: ");
        var answer = connection.ReadToEndAsync();
        while (!answer.IsCompleted)
        {
            try
            {
                await connection.WriteAsync("x");
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(100);
        }

        // Where a drop was on its way when the server closed, the system may drop the answer.
        StringAssert.Matches(await answer, new("^(HTTP/1.1 408 .*)?$", System.Text.RegularExpressions.RegexOptions.Singleline));
    }

    [TestMethod]
    public async Task Headers_ThatStop_Are408()
    {
        using var connection = await RawConnection.OpenAsync(s_app.Address);
        await connection.WriteAsync("GET /health/live HTTP/1.1\r\nHost: here\r\n");
        StringAssert.StartsWith(await connection.ReadToEndAsync(), "HTTP/1.1 408 ");
    }

    [TestMethod]
    public async Task AConnection_ThatLiesIdle_IsClosed()
    {
        using var silent = await RawConnection.OpenAsync(s_app.Address);
        using var used = await RawConnection.OpenAsync(s_app.Address);
        await used.WriteAsync("GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n");
        StringAssert.StartsWith(await used.ReadToEndAsync(), "HTTP/1.1 200 ");
        Assert.AreEqual("", await silent.ReadToEndAsync());
    }

    [TestMethod]
    [DataRow("X-Large: {0}\r\n", 16 * 1024, 1, "431", DisplayName = "one that is too large")]
    [DataRow("X-Many: {0}\r\n", 1, 64, "431", DisplayName = "too many")]
    public async Task Headers_ThatAreTooMuch_AreRefused(string header, int length, int times, string status)
    {
        using var connection = await RawConnection.OpenAsync(s_app.Address);
        var headers = string.Concat(Enumerable.Repeat(string.Format(null, header, new string('x', length)), times));
        await connection.WriteAsync($"GET /health/live HTTP/1.1\r\nHost: here\r\n{headers}\r\n");
        StringAssert.StartsWith(await connection.ReadToEndAsync(), $"HTTP/1.1 {status} ");
    }

    [TestMethod]
    public async Task APath_ThatIsTooLong_Is414()
    {
        using var connection = await RawConnection.OpenAsync(s_app.Address);
        await connection.WriteAsync($"GET /{new string('x', 9000)} HTTP/1.1\r\nHost: here\r\n\r\n");
        StringAssert.StartsWith(await connection.ReadToEndAsync(), "HTTP/1.1 414 ");
    }

    [TestMethod]
    [DataRow("/api/conversations/lobby/messages", "application/json", "{\"text\":")]
    [DataRow("/api/account/login", "application/json", "{\"username\":")]
    [DataRow(
        "/api/images", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf")]
    public async Task ABody_ThatStops_Is408(string path, string type, string start)
    {
        using var connection = await RawConnection.OpenAsync(s_app.Address);
        var cookie = s_alice.Cookies.GetCookieHeader(s_app.Address);
        await connection.WriteAsync($"POST {path} HTTP/1.1\r\nHost: {s_app.Address.Authority}\r\nCookie: {cookie}\r\n"
            + $"Content-Type: {type}\r\nContent-Length: 1000\r\n\r\n{start}");
        var answer = await connection.ReadToEndAsync();
        StringAssert.StartsWith(answer, "HTTP/1.1 408 ");
        Assert.Contains("application/problem+json", answer);
        Assert.Contains("\"code\":\"request.timeout\"", answer);
        Assert.IsEmpty(Directory.EnumerateFiles(Path.Combine(s_app.DataPath, "images")));
    }

    [TestMethod]
    public async Task AForm_ThatGoesOnAndOn_Is413()
    {
        const int Megabyte = 1 << 20;
        using var app = new SampleImApp(new() { ["Images:MaxBytes"] = $"{Megabyte}" });
        var user = await app.RegisterAsync();
        var form = new MultipartFormDataContent();
        for (var field = 0; field < 4; field++)
        {
            form.Add(new StreamContent(new MemoryStream(new byte[Megabyte])), $"other{field}");
        }

        (await user.AskAsync(HttpMethod.Post, "/api/images", form, request => request.Headers.TransferEncodingChunked = true))
            .ShouldBe(413, "request.tooLarge");
    }
}
