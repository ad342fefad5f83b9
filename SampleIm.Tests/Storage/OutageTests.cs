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
    /// <summary>By which a request is answered, whatever the database does. Waited for, never measured.</summary>
    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

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

        // Where the sends took what polls and health need, these would be answered after them, at each try.
        using var limit = new CancellationTokenSource(s_limit);
        for (var isStarved = true; isStarved; limit.Token.ThrowIfCancellationRequested())
        {
            var sends = Task.WhenAll(
                Enumerable.Range(0, 64).Select(_ => user.PostAsync("/api/conversations/lobby/messages", new { text = "waits" })));
            var others = AskWithoutWritingAsync(app, user, other);
            isStarved = await Task.WhenAny(others, sends) == sends;
            await others;
            foreach (var answer in await sends.WaitAsync(s_limit))
            {
                answer.ShouldBe(503, "storage.unavailable");
                Assert.IsNotNull(answer.Response.Headers.RetryAfter);
            }
        }

        await blocking.RollbackAsync();
        await UntilSentAsync(user, "goes on");
        await Task.Delay(s_answerTime);
        Assert.AreEqual("goes on", string.Join('|', (await user.NewAsync("lobby")).Messages.Select(message => message.Text)));
    }

    private static async Task AskWithoutWritingAsync(SampleImApp app, ApiUser user, ApiUser other)
    {
        Assert.AreEqual(user.Username, (await user.TotalAsync()).Me);
        (await app.Anonymous().GetAsync("/health/live")).ShouldBe(200);
        await user.HistoryAsync("@" + other.Username);
    }

    [TestMethod]
    public async Task ConnectionsThatWereClosedWhileIdle_CostNobodyAMessage()
    {
        using var database = TestDatabase.CreateMySql();
        using var app = new SampleImApp(database: database);
        var user = await app.RegisterAsync();
        await user.SendAsync("lobby", "before");
        Assert.AreNotEqual(0, await CloseConnectionsAsync(database), "No connection was open: nothing is tested.");
        await user.SendAsync("lobby", "after");
        var texts = (await user.NewAsync("lobby")).Messages.Select(message => message.Text);
        Assert.AreEqual("before|after", string.Join('|', texts));
    }

    private static async Task<int> CloseConnectionsAsync(TestDatabase database)
    {
        await using var administrator = new MySqlConnection($"{database.ConnectionString};CharSet=utf8mb4;Pooling=false");
        var open = await administrator.QueryAsync<long>(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()");
        var closed = 0;
        foreach (var id in open)
        {
            try
            {
                await administrator.ExecuteAsync($"KILL {id}");
                closed++;
            }
            catch (MySqlException gone) when (gone.Number == (int)MySqlErrorCode.NoSuchThread)
            {
                // A connection that the program itself had closed a moment ago may still be listed.
            }
        }

        return closed;
    }

    [TestMethod]
    public async Task AServerWhoseModeKnowsNoBackslashes_TakesNoValueForAStatement()
    {
        var folder = Path.Combine(TestMachine.MakeFolder(), "mariadb");
        var port = FreePort();
        await MariaDbAsync("start", folder, $"{port}");
        try
        {
            await using (var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={port};Uid=root;CharSet=utf8mb4;Pooling=false"))
            {
                await connection.ExecuteAsync(
                    "CREATE DATABASE sampleim CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; SET GLOBAL sql_mode = "
                        + "'NO_BACKSLASH_ESCAPES'");
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
            await using var administrator = new MySqlConnection(
                $"Server=127.0.0.1;Port={port};Uid=root;CharSet=utf8mb4;Pooling=false");
            // The connection that kept the schema from changes at the start is none of the pool's and was closed; a busy server
            // may still show it for a while. What the pool holds stays open: one too many would be there for minutes.
            await UntilAsync(async () => await administrator.ExecuteScalarAsync<long>(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE db = 'sampleim'") <= 4);
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
            await using (var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={port};Uid=root;CharSet=utf8mb4;Pooling=false"))
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
        const int Writers = 4;
        var (alice, bob) = (await app.RegisterAsync("alice"), await app.RegisterAsync("bob"));
        await alice.TotalAsync();
        var acknowledged = new ConcurrentDictionary<string, long>();
        using var done = new CancellationTokenSource();
        var refused = new ConcurrentDictionary<string,
            int>(Enumerable.Range(0, Writers).Select(index => KeyValuePair.Create($"writer{index}", 0)));
        var writers = Enumerable.Range(0, Writers)
            .Select(index => WriteAsync(bob, $"writer{index}", acknowledged, refused, done.Token)).ToList();
        await UntilAsync(() => Task.FromResult(acknowledged.Count > 20));

        await MariaDbAsync("stop", folder);
        // Nothing is acknowledged from here on: each writer has been told of it by an answer that came after the end.
        var told = refused.ToDictionary();
        await UntilAsync(() =>
            Task.FromResult(Enumerable.Range(0, Writers).All(index => refused[$"writer{index}"] > told[$"writer{index}"] + 1)));
        var before = acknowledged.Count;
        (await alice.PostAsync("/api/conversations/lobby/messages", new { text = "not now" }).WaitAsync(s_limit))
            .ShouldBe(503, "storage.unavailable");
        (await app.Anonymous().GetAsync("/health/ready")).ShouldBe(503, "storage.unavailable");
        (await app.Anonymous().GetAsync("/health/live")).ShouldBe(200);
        Assert.AreEqual("alice", (await alice.TotalAsync()).Me);
        Assert.HasCount(before, acknowledged);

        await MariaDbAsync("start", folder, $"{port}");
        await UntilAsync(() => Task.FromResult(acknowledged.Count > before + 20));
        await done.CancelAsync();
        await Task.WhenAll(writers);
        var kept = (await alice.NewAsync("lobby")).Messages;
        CollectionAssert.AreEqual(
            Enumerable.Range(1, kept.Count).Select(seq => (long)seq).ToList(), kept.Select(message => message.Seq).ToList());
        CollectionAssert.AllItemsAreUnique(kept.Select(message => message.Text).ToList());
        var bySeq = kept.ToDictionary(message => message.Seq, message => message.Text);
        foreach (var (text, seq) in acknowledged)
        {
            Assert.AreEqual(text, bySeq[seq]);
        }
    }

    /// <summary>
    /// One message after the other, each with its clientId until it is acknowledged; every other answer is a 503.
    /// </summary>
    private static async Task WriteAsync(
        ApiUser user, string name, ConcurrentDictionary<string, long> acknowledged, ConcurrentDictionary<string, int> refused,
            CancellationToken done)
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
                refused[name]++;
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static async Task UntilSentAsync(ApiUser user, string text)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while ((await user.PostAsync("/api/conversations/lobby/messages", new { text, clientId = text })).Status
            is not (200 or 201))
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (!await isSo())
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
