using Dapper;
using MySql.Data.MySqlClient;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

/// <summary>Several servers on one database.</summary>
[TestClass]
[TestCategory(TestDatabase.MySqlOnly)]
public sealed class SeveralServersTests
{
    private string _folder = "";
    private TestDatabase _database = null!;

    [TestInitialize]
    public void Start()
    {
        _folder = TestMachine.MakeFolder();
        _database = TestDatabase.CreateMySql();
    }

    [TestCleanup]
    public void Stop()
    {
        _database?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task Servers_ThatStartAtOnceOnAnEmptyDatabase_AllComeUp()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(index =>
            ServerProcess.StartAsync(Path.Combine(_folder, $"{index}"), 0, _database.Arguments)));
        Assert.AreEqual(
            1,
            servers.Count(
                server => server.Output.Contains("Applied the schema file 0001_initial.sql", StringComparison.Ordinal)));
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task Start_AfterACrashInTheMiddleOfASchemaFile_GoesOn()
    {
        using var dialect = new MySqlDialect($"{_database.ConnectionString}");
        var statements = dialect.Split(SchemaFile.List("mysql")[0].Text).ToList();
        Assert.IsGreaterThan(5, statements.Count);
        for (var done = 0; done <= statements.Count; done++)
        {
            using var database = TestDatabase.CreateMySql();
            await using (var connection = new MySqlConnection($"{database.ConnectionString};CharSet=utf8mb4;Pooling=false"))
            {
                foreach (var statement in statements.Take(done))
                {
                    await connection.ExecuteAsync(statement);
                }
            }

            await using var server = await ServerProcess.StartAsync(Path.Combine(_folder, $"{done}"), 0, database.Arguments);
            using var client = new HttpClient();
            Assert.AreEqual("{\"status\":\"ready\"}", await client.GetStringAsync(new Uri(server.Address, "/health/ready")));
        }
    }

    [TestMethod]
    public async Task Start_KilledAtAnyMoment_GoesOnTheNextTime()
    {
        for (var patienceMs = 350; patienceMs <= 650; patienceMs += 60)
        {
            using var database = TestDatabase.CreateMySql();
            var starting = ServerProcess.Begin(_folder, database.Arguments);
            await Task.Delay(patienceMs);
            await starting.DisposeAsync();
            await using var server = await ServerProcess.StartAsync(_folder, 0, database.Arguments);
        }
    }

    [TestMethod]
    public async Task Writers_OnTwoServers_LeaveNoGapAndAllReadersSeeTheSameOrder()
    {
        const int Writers = 32;
        const int Each = 10;
        using var first = new SampleImApp(database: _database);
        using var second = new SampleImApp(dataPath: Path.Combine(first.DataPath, "second"), database: _database);
        var writers = new List<ApiUser>();
        for (var index = 0; index < Writers; index++)
        {
            writers.Add(await (index % 2 == 0 ? first : second).RegisterAsync($"writer{index}"));
        }

        using var done = new CancellationTokenSource();
        var readers = new[] { writers[0], writers[1], writers[2] }.Select(reader => FollowAsync(reader, done.Token)).ToList();
        var sent = (await Task.WhenAll(writers.Select(writer => SendManyAsync(writer, Each)))).SelectMany(own => own).ToList();
        await done.CancelAsync();

        CollectionAssert.AreEqual(
            Enumerable.Range(1, Writers * Each).Select(seq => (long)seq).ToList(),
            sent.Select(message => message.Seq).Order().ToList());
        var expected = sent.OrderBy(message => message.Seq).Select(message => (message.Seq, message.Text)).ToList();
        foreach (var reader in readers)
        {
            CollectionAssert.AreEqual(expected, await reader);
        }
    }

    [TestMethod]
    public async Task WhatHappensOnOneServer_IsSoonInTheTotalOfTheOther()
    {
        using var first = new SampleImApp(database: _database);
        using var second = new SampleImApp(dataPath: first.DataPath, database: _database);
        var (alice, bob) = (await first.RegisterAsync("alice"), await second.RegisterAsync("bob"));
        await alice.TotalAsync();

        var lobby = await bob.SendAsync("lobby", "recalled");
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0].Unread == 1);
        await bob.DeleteAsync($"/api/conversations/lobby/messages/{lobby.Seq}");
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0] is { Unread: 0, LastMessage.Kind: "recalled" });
        await bob.SendAsync("lobby", "one");
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0].LastMessage?.Text == "one");
        await bob.SendAsync("@alice", "psst");
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0] is { Id: "@bob", Unread: 1 });
        await bob.PatchAsync("/api/conversations/@alice/messages/1", new { text = "hey" });
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0].LastMessage?.Text == "hey");
        await bob.PatchAsync("/api/account", new { displayName = "Robert" });
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0].Title == "Robert");

        var elsewhere = new ApiUser(second, "alice");
        (await elsewhere.PostAsync("/api/account/login", new { username = "alice", password = ApiUser.FirstPassword }))
            .ShouldBe(200);
        await elsewhere.PutAsync("/api/conversations/@bob/read", new { seq = 1 });
        await UntilAsync(async () => (await alice.TotalAsync()).Conversations[0].Unread == 0);

        (
            await elsewhere.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = "a better horse" })).ShouldBe(204);
        await UntilAsync(async () => (await alice.GetAsync("/api/total")).Status == 401);
    }

    private static async Task<List<MessageResponse>> SendManyAsync(ApiUser writer, int count)
    {
        var own = new List<MessageResponse>();
        for (var number = 0; number < count; number++)
        {
            own.Add(await writer.SendAsync("lobby", $"{writer.Username}-{number}", $"{number}"));
        }

        return own;
    }

    private static async Task<List<(long Seq, string? Text)>> FollowAsync(ApiUser reader, CancellationToken done)
    {
        var (seen, version) = (new List<(long, string?)>(), 0L);
        while (true)
        {
            var isLast = done.IsCancellationRequested;
            var page = await reader.NewAsync("lobby", version, limit: 50);
            seen.AddRange(page.Messages.Select(message => (message.Seq, message.Text)));
            version = page.Version;
            if (isLast && !page.HasMore)
            {
                return seen;
            }
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await isSo())
        {
            await Task.Delay(100, limit.Token);
        }
    }
}
