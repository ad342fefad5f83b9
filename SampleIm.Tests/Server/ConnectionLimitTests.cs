using SampleIm.Api.Server;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Server;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class ConnectionLimitTests
{
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
    public async Task Connections_AboveTheLimit_AreClosedAtOnce_AndWhoeverIsConnectedChatsOn()
    {
        await using var server = await ServerProcess.StartAsync(_dataPath, 0, "--Server:MaxConnections=20");
        await ChatAsync(server, "alice");
        await FillAsync(server, 30);
        await ChatAsync(server, "bob");
        await RecoverAsync(server);
    }

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
        connections, OpenFiles.ForConnections(["Limit                     Soft Limit           Hard Limit           Units", $"Max open files            {limit}                1048576              files"]));

    /// <summary>More connections than the server takes; the last is closed without a word.</summary>
    private async Task FillAsync(ServerProcess server, int count)
    {
        while (_idle.Count < count)
        {
            _idle.Add(await RawConnection.OpenAsync(server.Address));
        }

        Assert.AreEqual("", await _idle[^1].ReadToEndAsync());
    }

    /// <summary>When the idle ones have gone somebody new is let in.</summary>
    private async Task RecoverAsync(ServerProcess server)
    {
        _idle.ForEach(connection => connection.Dispose());
        using var newcomer = new HttpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                Assert.AreEqual("{\"status\":\"ready\"}", await newcomer.GetStringAsync(new Uri(server.Address, "/health/ready"), limit.Token));
                return;
            }
            catch (HttpRequestException)
            {
                // The server has not yet noticed that they have gone.
                await Task.Delay(50, limit.Token);
            }
        }
    }

    /// <summary>On one connection that is kept: signs up, sends, reads, polls.</summary>
    private async Task ChatAsync(ServerProcess server, string username)
    {
        async Task<string> AskAsync(HttpMethod method, string path, string? json = null)
        {
            using var request = new HttpRequestMessage(method, new Uri(server.Address, path)) { Content = json is null ? null : new StringContent(json, null, "application/json") };
            using var answer = await _client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.IsTrue(answer.IsSuccessStatusCode, body);
            return body;
        }

        await AskAsync(HttpMethod.Post, "/api/account/register", $$"""{"username":"{{username}}","password":"{{ApiUser.FirstPassword}}"}""");
        await AskAsync(HttpMethod.Post, "/api/conversations/lobby/messages", $$"""{"text":"{{username}} was here"}""");
        Assert.Contains($"{username} was here", await AskAsync(HttpMethod.Get, "/api/conversations/lobby/messages/new?after=0"));
        Assert.Contains($"\"me\":\"{username}\"", await AskAsync(HttpMethod.Get, "/api/total"));
    }
}
