using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Server;

/// <summary>SIGTERM: what was accepted is finished, what comes is refused, and nothing that was acknowledged is lost.</summary>
[TestClass]
public sealed class GracefulStopTests
{
    private const string Messages = "/api/conversations/lobby/messages";

    /// <summary>
    /// Far more than a stop takes: how long it takes is the machine's affair, and what it does shows in the answers.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly CookieContainer _cookies = new();
    private string _dataPath = "";
    private TestDatabase _database = null!;
    private ServerProcess? _server;
    private int _connections;

    [TestInitialize]
    public void Start() => (_dataPath, _database) = (TestMachine.MakeFolder(), TestDatabase.Create());

    [TestCleanup]
    public async Task Stop()
    {
        await (_server?.DisposeAsync() ?? default);
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task Stop_WhileManySend_EndsInTime_AndLosesNothingThatWasAcknowledged()
    {
        using var client = await StartAsync();
        var port = _server!.Address.Port;
        using var done = new CancellationTokenSource();
        var (acknowledged, refused) = (new Dictionary<string, long>(), new List<string?>());
        var senders = Enumerable.Range(0, 4)
            .Select(index => SendAsync(client, $"sender{index}", acknowledged, refused, done.Token)).ToList();
        for (var stop = 0; stop < 3; stop++)
        {
            await UntilMoreAreAcknowledgedAsync(acknowledged);
            _server.Terminate();
            Assert.AreEqual(0, (await _server.WaitForEndAsync(s_limit)).ExitCode);
            await _server.DisposeAsync();
            _server = await ServerProcess.StartAsync(_dataPath, port, _database.Arguments);
        }

        await UntilMoreAreAcknowledgedAsync(acknowledged);
        await done.CancelAsync();
        await Task.WhenAll(senders);

        Assert.IsNotEmpty(refused);
        Assert.IsTrue(refused.TrueForAll(code => code == "server.stopping"), string.Join(' ', refused.Distinct()));
        var kept = await ReadAllAsync(client);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, kept.Count).Select(seq => (long)seq).ToList(), kept.ConvertAll(message => message.Seq));
        CollectionAssert.AreEquivalent(acknowledged.Select(message => (message.Value, message.Key)).ToList(), kept);
        Assert.AreEqual("sender", (await client.GetFromJsonAsync<JsonElement>("/api/total")).GetProperty("me").GetString());
    }

    [TestMethod]
    public async Task Stop_FinishesWhatHasBegun_AndRefusesWhatComes()
    {
        using var client = await StartAsync("--Server:Drain=00:00:00");
        using var begun = await BeginSendAsync("finished");
        var ready = await client.GetAsync("/health/ready");
        Assert.AreEqual(HttpStatusCode.OK, ready.StatusCode);
        var before = _connections;

        _server!.Terminate();
        while (ready.StatusCode == HttpStatusCode.OK)
        {
            ready = await client.GetAsync("/health/ready");
        }

        await ShouldBeRefusedAsync(ready);
        Assert.AreEqual(before, _connections, "The kept connection was closed without an answer.");
        await ShouldBeRefusedAsync(await client.GetAsync("/api/total"));
        await ShouldBeRefusedAsync(await client.PostAsJsonAsync(Messages, new { text = "too late" }));
        await ShouldBeRefusedAsync(await client.GetAsync("/"));
        Assert.AreEqual(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);

        await begun.WriteAsync("d\"}");
        StringAssert.Matches(
            await begun.ReadUntilAsync("\"clientId\""),
            new("^HTTP/1.1 201 .*\"text\":\"finished\"", System.Text.RegularExpressions.RegexOptions.Singleline));
        Assert.AreEqual(0, (await _server.WaitForEndAsync(s_limit)).ExitCode);

        var port = _server.Address.Port;
        await _server.DisposeAsync();
        _server = await ServerProcess.StartAsync(_dataPath, port, _database.Arguments);
        CollectionAssert.AreEqual(new[] { (1L, "finished") }, await ReadAllAsync(client));
    }

    [TestMethod]
    public async Task Stop_DoesNotWaitForARequestThatNeverEnds()
    {
        using var client = await StartAsync();
        using var send = await BeginSendAsync("never to be finished");
        using var upload = await BeginAsync("/api/images", "multipart/form-data; boundary=b", 1000);
        await upload.WriteAsync("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf");
        _server!.Terminate();
        Assert.AreEqual(0, (await _server.WaitForEndAsync(s_limit)).ExitCode);
        Assert.Contains("\"code\":\"server.stopping\"", await send.ReadToEndAsync());
        Assert.AreEqual("", await upload.ReadToEndAsync());
        Assert.IsEmpty(Directory.EnumerateFiles(Path.Combine(_dataPath, "images")));
    }

    /// <summary>A client that keeps its connections and counts them.</summary>
    private async Task<HttpClient> StartAsync(params string[] settings)
    {
        _server = await ServerProcess.StartAsync(_dataPath, 0, [.. _database.Arguments, .. settings]);
        var client = new HttpClient(
            new SocketsHttpHandler { CookieContainer = _cookies, ConnectCallback = ConnectAsync })
        {
            BaseAddress =
                _server.Address
        };
        (await client.PostAsJsonAsync("/api/account/register", new { username = "sender", password = ApiUser.FirstPassword }))
            .EnsureSuccessStatusCode();
        return client;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _connections);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>
    /// A send that lacks its last letter: the server has said that it waits for the body, so the request has begun.
    /// </summary>
    private async Task<RawConnection> BeginSendAsync(string text)
    {
        var body = JsonSerializer.Serialize(new { text });
        var connection = await BeginAsync(Messages, "application/json", body.Length);
        await connection.WriteAsync(body[..^3]);
        return connection;
    }

    private async Task<RawConnection> BeginAsync(string path, string contentType, int length)
    {
        var connection = await RawConnection.OpenAsync(_server!.Address);
        await connection.WriteAsync($"""
            POST {path} HTTP/1.1
            Host: {_server.Address.Authority}
            Cookie: {_cookies.GetCookieHeader(_server.Address)}
            Content-Type: {contentType}
            Content-Length: {length}
            Expect: 100-continue


            """.ReplaceLineEndings("\r\n"));
        StringAssert.StartsWith(await connection.ReadUntilAsync("\r\n\r\n"), "HTTP/1.1 100 ");
        return connection;
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, answer.StatusCode, body);
        Assert.AreEqual("server.stopping", JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        Assert.IsTrue(answer.Headers.ConnectionClose);
        Assert.IsNotNull(answer.Headers.RetryAfter);
    }

    /// <summary>
    /// Sends one message after the other, each again and again with the same clientId until it is acknowledged.
    /// </summary>
    private static async Task SendAsync(
        HttpClient client, string name, Dictionary<string, long> acknowledged, List<string?> refused, CancellationToken done)
    {
        for (var number = 0; !done.IsCancellationRequested;)
        {
            var text = $"{name}-{number}";
            try
            {
                var answer = await client.PostAsJsonAsync(Messages, new { text, clientId = text }, CancellationToken.None);
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
                lock (acknowledged)
                {
                    if (answer.IsSuccessStatusCode)
                    {
                        acknowledged.Add(text, body.GetProperty("seq").GetInt64());
                        number++;
                    }
                    else
                    {
                        refused.Add(body.GetProperty("code").GetString());
                    }
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                // The port is closed until the next server listens.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private static async Task UntilMoreAreAcknowledgedAsync(Dictionary<string, long> acknowledged)
    {
        int Count()
        {
            lock (acknowledged)
            {
                return acknowledged.Count;
            }
        }

        var enough = Count() + 30;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Count() < enough)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static async Task<List<(long Seq, string Text)>> ReadAllAsync(HttpClient client)
    {
        var (all, version, hasMore) = (new List<(long, string)>(), 0L, true);
        while (hasMore)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{Messages}/new?after={version}&limit=500");
            all.AddRange(
                page.GetProperty("messages").EnumerateArray()
                    .Select(message => (message.GetProperty("seq").GetInt64(), message.GetProperty("text").GetString()!)));
            (version, hasMore) = (page.GetProperty("version").GetInt64(), page.GetProperty("hasMore").GetBoolean());
        }

        return all;
    }
}
