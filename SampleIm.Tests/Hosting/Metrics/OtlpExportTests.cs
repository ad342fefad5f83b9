using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Metrics;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class OtlpExportTests
{
    private const string Library = "OpenTelemetry.Exporter.OpenTelemetryProtocol";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [TestMethod]
    public async Task Metrics_AreSentOnWhereThatIsConfigured()
    {
        var port = FreePort();
        using var receiver = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        receiver.Start();
        var received = new ConcurrentQueue<(string Request, string Body)>();
        var receiving = ReceiveAsync(receiver, received);

        var dataPath = TestMachine.MakeFolder();
        // A process of its own: the export would take in the meters of all other servers in this one.
        await using (var server = await ServerProcess.StartAsync(
            dataPath, 0, $"--Metrics:OtlpEndpoint=http://127.0.0.1:{port}", "--Metrics:OtlpInterval=00:00:01"))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            (await client.PostAsJsonAsync("/api/account/register", new { username = "alice", password = ApiUser.FirstPassword }))
                .EnsureSuccessStatusCode();
            (await client.PostAsJsonAsync("/api/conversations/lobby/messages", new { text = "hello" })).EnsureSuccessStatusCode();
            await UntilAsync(received, "/api/account/register");
            (await client.GetAsync("/api/total")).EnsureSuccessStatusCode();
            server.Terminate();
            await server.WaitForEndAsync(s_patience);
        }

        Directory.Delete(dataPath, recursive: true);
        // The last ones, sent at the end: whether they have been read yet is this test's machine's affair.
        var (request, body) = await UntilAsync(received, "/api/total");
        Assert.AreEqual("POST /v1/metrics application/x-protobuf", request);
        foreach (var text in new[]
            {
                "service.name", "SampleIm", "sampleim.polls", "sampleim.sends", "sampleim.send.duration", "sampleim.online",
                "sampleim.gc.heap", "/api/account/register",
            })
        {
            Assert.Contains(text, body);
        }

        receiver.Close();
        await receiving;
    }

    /// <summary>
    /// Nothing is due for an hour: what comes, comes from the end. A write whose body never comes uses up all the time that there
    /// is for stopping, and the last metrics are sent all the same.
    /// </summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task TheLastMetrics_AreSentAtTheEnd_HoweverLongStoppingTakes(bool takesLong)
    {
        var port = FreePort();
        using var receiver = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        receiver.Start();
        var received = new ConcurrentQueue<(string Request, string Body)>();
        var receiving = ReceiveAsync(receiver, received);
        var dataPath = TestMachine.MakeFolder();
        await using (var server = await ServerProcess.StartAsync(
            dataPath, 0, $"--Metrics:OtlpEndpoint=http://127.0.0.1:{port}", "--Metrics:OtlpInterval=01:00:00",
            "--Server:BodyGrace=00:10:00"))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            (await client.PostAsJsonAsync("/api/account/register", new { username = "alice", password = ApiUser.FirstPassword }))
                .EnsureSuccessStatusCode();
            using var stalled = await WireConnection.OpenAsync(server.Address);
            if (takesLong)
            {
                await stalled.SendAsync(
                    $"POST /api/account/login HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Type: "
                    + "application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
                await stalled.AwaitContinueAsync(s_patience);
            }

            server.Terminate();
            await server.WaitForEndAsync(s_patience);
        }

        Directory.Delete(dataPath, recursive: true);
        await UntilAsync(received, "/api/account/register");
        receiver.Close();
        await receiving;
    }

    [TestMethod]
    public async Task TheLibraryForIt_IsNotLoadedWhereItIsNot()
    {
        if (!OperatingSystem.IsLinux())
        {
            TestMachine.Lacks("A list of a process's files");
        }

        var dataPath = TestMachine.MakeFolder();
        await using (var server = await ServerProcess.StartAsync(dataPath))
        {
            Assert.DoesNotContain(Library, OpenFilesOf(server));
        }

        await using (var server = await ServerProcess.StartAsync(dataPath, 0, "--Metrics:OtlpEndpoint=http://127.0.0.1:9"))
        {
            Assert.Contains(Library, OpenFilesOf(server));
            // Nobody listens there: that must hold up neither the server nor its end.
            server.Terminate();
            Assert.AreEqual(0, (await server.WaitForEndAsync(s_patience)).ExitCode);
        }

        Directory.Delete(dataPath, recursive: true);
    }

    /// <summary>Waits for an export that says something.</summary>
    private static async Task<(string Request, string Body)> UntilAsync(
        ConcurrentQueue<(string Request, string Body)> received, string text)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            var found = received.FirstOrDefault(export => export.Body.Contains(text, StringComparison.Ordinal));
            if (found.Body is not null)
            {
                return found;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private static string OpenFilesOf(ServerProcess server) => string.Join('\n',
        Directory.EnumerateFileSystemEntries($"/proc/{server.Id}/fd").Select(entry => new FileInfo(entry).LinkTarget));

    private static async Task ReceiveAsync(HttpListener receiver, ConcurrentQueue<(string Request, string Body)> received)
    {
        try
        {
            while (true)
            {
                var context = await receiver.GetContextAsync();
                using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                received.Enqueue(
                    (
                        $"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath} {context.Request.ContentType}",
                        await body.ReadToEndAsync()));
                context.Response.Close();
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // Closed at the end of the test.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
