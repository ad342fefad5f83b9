using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Server;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Server;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class ConnectionLimitTests
{
    private const string Ready = "{\"status\":\"ready\"}";

    private readonly List<RawConnection> _idle = [];
    private string _dataPath = "";
    private HttpClient _client = null!;

    [TestInitialize]
    public void Start() => (_dataPath, _client) = (TestMachine.MakeFolder(), new HttpClient());

    [TestCleanup]
    public void Stop()
    {
        _client.Dispose();
        _idle.ForEach(connection => connection.Dispose());
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task IdleConnections_DoNotKeepAUserFromChatting()
    {
        const int Wanted = 10_000;
        const int Least = 2_000;
        var count = (int)Math.Min(Wanted, OpenFiles.ForConnections() ?? Wanted);
        if (count < Least)
        {
            TestMachine.Lacks($"A limit of open files that allows {Least} connections");
        }

        await using var server = await ServerProcess.StartAsync(_dataPath);
        for (var index = 0; index < count; index++)
        {
            var connection = await RawConnection.OpenAsync(server.Address);
            _idle.Add(connection);
            // Some say nothing, some a little.
            await connection.WriteAsync(index % 2 == 0 ? "GET / HT" : "");
        }

        await ChatAsync(server, "alice");
    }

    [TestMethod]
    public async Task Connections_ThatSayNothing_MakeRoomForOthers()
    {
        await using var server = await ServerProcess.StartAsync(_dataPath, 0, "--Server:MaxConnections=20");
        await ChatAsync(server, "alice");
        await FillAsync(server, 30);
        await ChatAsync(server, "bob");
        // Somebody new is let in at once, in the place of the oldest of them.
        Assert.AreEqual(Ready, await AskAsync(server, await OpenAsync(server)));
    }

    [TestMethod]
    public async Task Connections_AboveTheLimit_AreClosedAtOnceWhereAllOthersAreInUse()
    {
        await using var server = await ServerProcess.StartAsync(_dataPath, 0, "--Server:MaxConnections=20");
        await ChatAsync(server, "alice");
        for (var count = 1; count < 20; count++)
        {
            Assert.AreEqual(Ready, await AskAsync(server, await OpenAsync(server)));
        }

        Assert.AreEqual("", await (await OpenAsync(server)).ReadToEndAsync());
        await ChatAsync(server, "bob");
        await RecoverAsync(server);
    }

    [TestMethod]
    public async Task Network_TakesNoMoreThanItsShare()
    {
        await using var server = await ServerProcess.StartAsync(
            _dataPath, 0, "--Server:MaxConnections=100", "--Server:MaxConnectionsPerNetwork=10",
                "--Server:ExemptNetworks:0=127.0.0.1");
        for (var count = 0; count < 10; count++)
        {
            Assert.AreEqual(Ready, await AskAsync(server, await OpenAsync(server, "127.0.0.2")));
        }

        Assert.AreEqual("", await (await OpenAsync(server, "127.0.0.2")).ReadToEndAsync());
        // Another network has its own share, and who is exempt has no limit but that of all.
        Assert.AreEqual(Ready, await AskAsync(server, await OpenAsync(server, "127.0.0.3")));
        for (var count = 0; count < 30; count++)
        {
            Assert.AreEqual(Ready, await AskAsync(server, await OpenAsync(server)));
        }

        // One of them goes, and one more comes in.
        _idle[0].Dispose();
        await RecoverAsync(server, "127.0.0.2");
    }

    [TestMethod]
    public async Task Network_GivesUpItsOwnSilentConnectionsFirst()
    {
        await using var server = await ServerProcess.StartAsync(
            _dataPath, 0, "--Server:MaxConnections=100", "--Server:MaxConnectionsPerNetwork=3",
            "--Server:ExemptNetworks:0=127.0.0.1", "--Server:HeadersTimeout=00:10:00");
        var others = await OpenAsync(server, "127.0.0.3");
        var used = await OpenAsync(server, "127.0.0.2");
        Assert.AreEqual(Ready, await AskAsync(server, used));
        var oldest = await OpenAsync(server, "127.0.0.2");
        await oldest.WriteAsync("GET /health/ready HTTP/1.1\r\n");
        var newest = await OpenAsync(server, "127.0.0.2");
        Assert.AreEqual(Ready, await AskAsync(server, await OpenAsync(server, "127.0.0.2")));
        Assert.AreEqual("", await oldest.ReadToEndAsync());
        foreach (var connection in new[] { used, newest, others })
        {
            Assert.AreEqual(Ready, await AskAsync(server, connection));
        }
    }

    [TestMethod]
    public async Task NetworksOfOneIPv6Site_TakeTogetherNoMoreThanAQuarter()
    {
        var settings = new ServerOptions { MaxConnections = 2_000, MaxConnectionsPerNetwork = 10 };
        var connections = new OpenConnections(Options.Create(settings), Options.Create(new ProxyOptions()));
        var end = new TaskCompletionSource();
        var open = new List<(Transport Transport, Task Run)>();
        for (var number = 0; number < 600; number++)
        {
            Open($"2001:db8:1:{number:x}::7");
        }

        // The oldest 100 of them said nothing and were closed for the others: 500 is a quarter.
        Assert.HasCount(500, open.Where(connection => !connection.Transport.IsClosed));
        Assert.IsFalse(open[^1].Transport.IsClosed);
        for (var number = 0; number < 12; number++)
        {
            Open("2001:db8:2:1::7");
        }

        Assert.HasCount(510, open.Where(connection => !connection.Transport.IsClosed));
        end.SetResult();
        await Task.WhenAll(open.Select(connection => connection.Run));

        void Open(string address)
        {
            var transport = new Transport { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 50_000) };
            open.Add((transport, connections.RunAsync(transport, _ => end.Task)));
        }
    }

    [TestMethod]
    [DataRow(20_000L, 5_000L)]
    [DataRow(512L, 256L, DisplayName = "a class fits also where there is little room")]
    [DataRow(20L, 20L)]
    [DataRow(null, null)]
    public void Network_HasAQuarter(long? most, long? share) => Assert.AreEqual(share, OpenConnections.ShareOf(most));

    [TestMethod]
    public async Task AtTheLimitOfOpenFiles_WhoeverIsConnectedChatsOn_AndTheServerRecovers()
    {
        if (!OperatingSystem.IsLinux())
        {
            TestMachine.Lacks("A limit of open files");
        }

        const int Files = 1000;
        await using var server = await ServerProcess.StartWithFewFilesAsync(_dataPath, Files);
        await ChatAsync(server, "alice");
        await FillAsync(server, Files);
        await ChatAsync(server, "bob");
        Assert.IsLessThan(Files, Directory.EnumerateFileSystemEntries($"/proc/{server.Id}/fd").Count());
        await RecoverAsync(server);
    }

    [TestMethod]
    [DataRow("20000", 18976L)]
    [DataRow("1048576", 996148L)]
    [DataRow("1024", 512L)]
    [DataRow("unlimited", null)]
    public void Connections_StopShortOfTheLimitOfOpenFiles(string limit, long? connections) => Assert.AreEqual(
        connections, OpenFiles.ForConnections(
            ["Limit                     Soft Limit           Hard Limit           Units", $"Max open files            {limit}  "
                + "              1048576              files"]));

    /// <summary>More connections than the server takes; the first is closed without a word.</summary>
    private async Task FillAsync(ServerProcess server, int count)
    {
        while (_idle.Count < count)
        {
            _idle.Add(await RawConnection.OpenAsync(server.Address));
        }

        Assert.AreEqual("", await _idle[0].ReadToEndAsync());
    }

    private async Task<RawConnection> OpenAsync(ServerProcess server, string? from = null)
    {
        _idle.Add(await RawConnection.OpenAsync(server.Address, from is null ? null : IPAddress.Parse(from)));
        return _idle[^1];
    }

    private static async Task<string> AskAsync(ServerProcess server, RawConnection connection)
    {
        await connection.WriteAsync($"GET /health/ready HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n");
        var answer = await connection.ReadUntilAsync(Ready);
        return answer.Contains(Ready, StringComparison.Ordinal) ? Ready : answer;
    }

    /// <summary>When the idle ones have gone somebody new is let in.</summary>
    private async Task RecoverAsync(ServerProcess server)
    {
        _idle.ForEach(connection => connection.Dispose());
        await RecoverAsync(server, from: null);
    }

    private async Task RecoverAsync(ServerProcess server, string? from)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await TryAsync(server, from) != Ready)
        {
            // The server has not yet noticed that they have gone.
            await Task.Delay(50, limit.Token);
        }
    }

    private async Task<string> TryAsync(ServerProcess server, string? from)
    {
        try
        {
            return await AskAsync(server, await OpenAsync(server, from));
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>On one connection that is kept: signs up, sends, reads, polls.</summary>
    private async Task ChatAsync(ServerProcess server, string username)
    {
        async Task<string> AskAsync(HttpMethod method, string path, string? json = null)
        {
            using var request = new HttpRequestMessage(
                method,
                new Uri(server.Address, path))
            {
                Content = json is null
                    ? null
                    : new StringContent(json, null, "application/json")
            };
            using var answer = await _client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.IsTrue(answer.IsSuccessStatusCode, body);
            return body;
        }

        await AskAsync(
            HttpMethod.Post, "/api/account/register", $$"""{"username":"{{username}}","password":"{{ApiUser.FirstPassword}}"}""");
        await AskAsync(HttpMethod.Post, "/api/conversations/lobby/messages", $$"""{"text":"{{username}} was here"}""");
        Assert.Contains($"{username} was here", await AskAsync(HttpMethod.Get, "/api/conversations/lobby/messages/new?after=0"));
        Assert.Contains($"\"me\":\"{username}\"", await AskAsync(HttpMethod.Get, "/api/total"));
    }

    private sealed class Transport : DefaultConnectionContext
    {
        public bool IsClosed { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsClosed = true;

        public override ValueTask DisposeAsync()
        {
            IsClosed = true;
            return base.DisposeAsync();
        }
    }
}
