using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dapper;
using MySql.Data.MySqlClient;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

/// <summary>A database server that is slow, goes away and comes back.</summary>
[TestClass]
[TestCategory(TestDatabase.MySqlOnly)]
public sealed class OutageTests
{
    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(5);

    [TestMethod]
    public async Task SlowStatements_StarveNeitherPollsNorHealth()
    {
        using var database = TestDatabase.CreateMySql();
        using var app = new SampleImApp(database: database);
        var user = await app.RegisterAsync();
        var other = await app.RegisterAsync();
        await user.TotalAsync();
        await using var blocker = new MySqlConnection($"{database.ConnectionString};CharSet=utf8mb4;Pooling=false");
        await blocker.OpenAsync();
        var blocking = await blocker.BeginTransactionAsync();
        await blocker.ExecuteAsync("UPDATE conversations SET title = title WHERE slug = 'lobby'", transaction: blocking);

        var started = Stopwatch.GetTimestamp();
        var sends = Enumerable.Range(0, 64).Select(_ => user.PostAsync("/api/conversations/lobby/messages", new { text = "waits" })).ToList();
        for (var poll = 0; poll < 10; poll++)
        {
            var polled = Stopwatch.GetTimestamp();
            Assert.AreEqual(user.Username, (await user.TotalAsync()).Me);
            (await app.Anonymous().GetAsync("/health/live")).ShouldBe(200);
            await user.HistoryAsync("@" + other.Username);
            Assert.IsLessThan(TimeSpan.FromSeconds(1), Stopwatch.GetElapsedTime(polled));
            await Task.Delay(100);
        }

        foreach (var answer in await Task.WhenAll(sends))
        {
            answer.ShouldBe(503, "storage.unavailable");
            Assert.IsNotNull(answer.Response.Headers.RetryAfter);
        }

        Assert.IsLessThan(s_answerTime, Stopwatch.GetElapsedTime(started));
        await blocking.RollbackAsync();
        await UntilSentAsync(user, "goes on");
        await Task.Delay(s_answerTime);
        Assert.AreEqual("goes on", string.Join('|', (await user.NewAsync("lobby")).Messages.Select(message => message.Text)));
    }

    [TestMethod]
    public async Task ConnectionsThatWereClosedWhileIdle_CostNobodyAMessage()
    {
        using var database = TestDatabase.CreateMySql();
        using var app = new SampleImApp(database: database);
        var user = await app.RegisterAsync();
        await user.SendAsync("lobby", "before");
        await using (var administrator = new MySqlConnection($"{database.ConnectionString};CharSet=utf8mb4;Pooling=false"))
        {
            var open = await administrator.QueryAsync<long>("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()");
            foreach (var id in open)
            {
                await administrator.ExecuteAsync($"KILL {id}");
            }
        }

        await user.SendAsync("lobby", "after");
        Assert.AreEqual("before|after", string.Join('|', (await user.NewAsync("lobby")).Messages.Select(message => message.Text)));
    }

    [TestMethod]
    public async Task AServerWhoseModeKnowsNoBackslashes_TakesNoValueForAStatement()
    {
        var folder = Path.Combine(TestMachine.MakeFolder(), "mariadb");
        var port = FreePort();
        await MariaDbAsync("start", folder, $"{port}");
        try
        {
            await using (var connection = new MySqlConnection($"Server=127.0.0.1;Port={port};Uid=root;CharSet=utf8mb4;Pooling=false"))
            {
                await connection.ExecuteAsync("CREATE DATABASE sampleim CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'");
            }

            using var app = new SampleImApp(new()
            {
                ["Database:Provider"] = "MySql",
                ["Database:ConnectionString"] = $"Server=127.0.0.1;Port={port};Database=sampleim;Uid=root;Max Pool Size=4",
            });
            var user = await app.RegisterAsync("alice");
            (await user.GetAsync("/api/users/" + Uri.EscapeDataString("x' or 1=1 limit 1 -- -"))).ShouldBe(404, "user.unknown");
            Assert.AreEqual("it's \\ fine", (await user.SendAsync("lobby", "it's \\ fine")).Text);
            await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => user.HistoryAsync("lobby")));
            await using var administrator = new MySqlConnection($"Server=127.0.0.1;Port={port};Uid=root;CharSet=utf8mb4;Pooling=false");
            Assert.IsLessThanOrEqualTo(4, (await administrator.QueryAsync<string>("SELECT db FROM information_schema.processlist WHERE db = 'sampleim'")).Count());
        }
        finally
        {
            await MariaDbAsync("stop", folder);
        }
    }

    [TestMethod]
    public async Task ADatabaseThatGoesAway_LosesNothingThatWasAcknowledged_AndTheServerRecoversByItself()
    {
        var folder = Path.Combine(TestMachine.MakeFolder(), "mariadb");
        var port = FreePort();
        await MariaDbAsync("start", folder, $"{port}");
        try
        {
            await using (var connection = new MySqlConnection($"Server=127.0.0.1;Port={port};Uid=root;CharSet=utf8mb4;Pooling=false"))
            {
                await connection.ExecuteAsync("CREATE DATABASE sampleim CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
            }

            using var app = new SampleImApp(new()
            {
                ["Database:Provider"] = "MySql",
                ["Database:ConnectionString"] = $"Server=127.0.0.1;Port={port};Database=sampleim;Uid=root",
            });
            await SurviveAsync(app, folder, port);
        }
        finally
        {
            await MariaDbAsync("stop", folder);
        }
    }

    private static async Task SurviveAsync(SampleImApp app, string folder, int port)
    {
        var (alice, bob) = (await app.RegisterAsync("alice"), await app.RegisterAsync("bob"));
        await alice.TotalAsync();
        var acknowledged = new ConcurrentDictionary<string, long>();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(index => WriteAsync(bob, $"writer{index}", acknowledged, done.Token)).ToList();
        await UntilAsync(() => acknowledged.Count > 20);

        await MariaDbAsync("stop", folder);
        // Nothing is acknowledged from here on: what was under way has been answered within the time.
        await Task.Delay(s_answerTime);
        var (before, started) = (acknowledged.Count, Stopwatch.GetTimestamp());
        (await alice.PostAsync("/api/conversations/lobby/messages", new { text = "not now" })).ShouldBe(503, "storage.unavailable");
        Assert.IsLessThan(s_answerTime, Stopwatch.GetElapsedTime(started));
        (await app.Anonymous().GetAsync("/health/ready")).ShouldBe(503, "storage.unavailable");
        (await app.Anonymous().GetAsync("/health/live")).ShouldBe(200);
        Assert.AreEqual("alice", (await alice.TotalAsync()).Me);
        Assert.HasCount(before, acknowledged);

        await MariaDbAsync("start", folder, $"{port}");
        await UntilAsync(() => acknowledged.Count > before + 20);
        await done.CancelAsync();
        await Task.WhenAll(writers);
        var kept = (await alice.NewAsync("lobby")).Messages;
        CollectionAssert.AreEqual(Enumerable.Range(1, kept.Count).Select(seq => (long)seq).ToList(), kept.Select(message => message.Seq).ToList());
        CollectionAssert.AllItemsAreUnique(kept.Select(message => message.Text).ToList());
        var bySeq = kept.ToDictionary(message => message.Seq, message => message.Text);
        foreach (var (text, seq) in acknowledged)
        {
            Assert.AreEqual(text, bySeq[seq]);
        }
    }

    /// <summary>One message after the other, each with its clientId until it is acknowledged; every other answer is a 503.</summary>
    private static async Task WriteAsync(ApiUser user, string name, ConcurrentDictionary<string, long> acknowledged, CancellationToken done)
    {
        for (var number = 0; !done.IsCancellationRequested && number < 200;)
        {
            var text = $"{name}-{number}";
            var answer = await user.PostAsync("/api/conversations/lobby/messages", new { text, clientId = text });
            if (answer.Status is 200 or 201)
            {
                acknowledged[text] = answer.Element.GetProperty("seq").GetInt64();
                number++;
            }
            else
            {
                answer.ShouldBe(503, "storage.unavailable");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static async Task UntilSentAsync(ApiUser user, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await user.PostAsync("/api/conversations/lobby/messages", new { text, clientId = text })).Status is not (200 or 201))
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task MariaDbAsync(params string[] arguments)
    {
        using var script = Process.Start(Path.Combine(TestMachine.RepositoryPath, "SampleIm.Tests", "mariadb.sh"), arguments);
        await script.WaitForExitAsync();
        Assert.AreEqual(0, script.ExitCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
