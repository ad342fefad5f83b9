using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Conversations.InMemory;

/// <summary>What was recalled before it was read is nothing to read.</summary>
[TestClass]
public sealed class UnreadTests
{
    private readonly TestDatabase _database = TestDatabase.Create();
    private readonly string _dataPath = TestMachine.MakeFolder();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(dataPath: _dataPath, database: _database);
        (_alice, _bob) = (await _app.RegisterAsync("alice"), await _app.RegisterAsync("bob"));
    }

    [TestCleanup]
    public void Stop()
    {
        _app.Dispose();
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    [DataRow("lobby", "lobby")]
    [DataRow("@alice", "@bob")]
    public async Task AMessageThatIsRecalledBeforeItIsRead_IsNotUnread(string toAlice, string ofAlice)
    {
        for (var seq = 1; seq <= 5; seq++)
        {
            await _bob.SendAsync(toAlice, $"{seq}");
        }

        await ShouldBeUnreadAsync(ofAlice, 5);
        var before = (await _alice.GetAsync("/api/total")).Response.Headers.ETag;
        await RecallAsync(toAlice, 2);
        await ShouldBeUnreadAsync(ofAlice, 4);
        Assert.AreNotEqual(before, (await _alice.GetAsync("/api/total")).Response.Headers.ETag);
        await RecallAsync(toAlice, 5);
        await RecallAsync(toAlice, 5);
        await ShouldBeUnreadAsync(ofAlice, 3);
        (await _alice.PutAsync($"/api/conversations/{ofAlice}/read", new { seq = 3 })).ShouldBe(204);
        await ShouldBeUnreadAsync(ofAlice, 1);
        await RecallAsync(toAlice, 1);
        await ShouldBeUnreadAsync(ofAlice, 1);
        await RecallAsync(toAlice, 4);
        await ShouldBeUnreadAsync(ofAlice, 0);
        await _bob.SendAsync(toAlice, "6");
        await ShouldBeUnreadAsync(ofAlice, 1);
    }

    [TestMethod]
    public async Task WhatWasRecalledBeforeTheViewIsLoaded_IsNotUnreadEither()
    {
        for (var seq = 1; seq <= 4; seq++)
        {
            await _bob.SendAsync("lobby", $"{seq}");
            await _bob.SendAsync("@alice", $"{seq}");
        }

        await RecallAsync("lobby", 1);
        await RecallAsync("lobby", 3);
        await RecallAsync("@alice", 4);
        await ShouldBeUnreadAsync("lobby", 2);
        await ShouldBeUnreadAsync("@bob", 3);
        await _app.RegisterAsync("carol");
        StartAgain();
        await ShouldBeUnreadAsync("lobby", 2);
        await ShouldBeUnreadAsync("@bob", 3);
    }

    [TestMethod]
    public async Task SomebodyWhoHasReadLess_CountsTheRecallsThatOthersNeedNotKnow()
    {
        for (var seq = 1; seq <= 4; seq++)
        {
            await _bob.SendAsync("lobby", $"{seq}");
        }

        await RecallAsync("lobby", 1);
        await RecallAsync("lobby", 2);
        StartAgain();
        // Bob has read everything: his view needs none of the recalls. Alice's, on the same conversation, needs both.
        Assert.AreEqual(0, (await _bob.TotalAsync()).Conversations.Single().Unread);
        await ShouldBeUnreadAsync("lobby", 2);
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Polls_AfterARecall_RunNoSql()
    {
        await _bob.SendAsync("lobby", "one");
        await ShouldBeUnreadAsync("lobby", 1);
        await RecallAsync("lobby", 1);
        var trips = _app.Get<Database>().Trips;
        Assert.AreEqual(0, (await _alice.TotalAsync()).Conversations.Single().Unread);
        var etag = (await _alice.GetAsync("/api/total")).Response.Headers.ETag!.ToString();
        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", etag)).Status);
        Assert.AreEqual(trips, _app.Get<Database>().Trips);
    }

    [TestMethod]
    public async Task ADatabaseOfBefore_IsBroughtUpToIt()
    {
        for (var seq = 1; seq <= 3; seq++)
        {
            await _bob.SendAsync("@alice", $"{seq}");
        }

        await RecallAsync("@alice", 3);
        await _app.ExecuteAsync("DROP TABLE recalls");
        await _app.ExecuteAsync(
            TestDatabase.IsMySql ? "DROP INDEX ix_members_unread ON members" : "DROP INDEX ix_members_unread");
        await _app.ExecuteAsync("ALTER TABLE members DROP COLUMN unread_at");
        await _app.ApplyAgainAsync("0005_recalled.sql");
        StartAgain();
        await ShouldBeUnreadAsync("@bob", 2);
        (await _bob.PostAsync("/api/conversations/@alice/messages", new { text = "4" })).ShouldBe(201);
        await ShouldBeUnreadAsync("@bob", 3);
    }

    [TestMethod]
    public void Unread_IsWhatFollowsOnTheCursorAndWasNotRecalled()
    {
        var head = new ConversationHead();
        head.Merge(10, 12, null, [9, 2, 10]);
        head.Merge(10, 12, null, [2]);
        head.Merge(8, 11, null, [11]);
        var state = head.State;
        CollectionAssert.AreEqual(new long[] { 2, 9, 10, 11 }, state.Recalled);
        foreach (var (cursor, unread) in new[] { (0L, 7L), (1, 6), (2, 6), (7, 1), (8, 0), (9, 0), (10, 0), (11, 0), (99, 0) })
        {
            Assert.AreEqual(unread, state.UnreadAfter(cursor), $"after {cursor}");
        }
    }

    private async Task RecallAsync(string conversation, long seq) =>
        (await _bob.DeleteAsync($"/api/conversations/{conversation}/messages/{seq}")).ShouldBe(204);

    private async Task ShouldBeUnreadAsync(string id, long unread)
    {
        Assert.AreEqual(unread, (await _alice.TotalAsync()).Conversations.Single(conversation => conversation.Id == id).Unread,
            "total");
        Assert.AreEqual(unread, (await _alice.ConversationAsync(id)).Unread, "the conversation");
        var list = (await _alice.GetAsync("/api/conversations")).Element.GetProperty("conversations");
        Assert.AreEqual(unread,
            list.EnumerateArray().Single(row => row.GetProperty("id").GetString() == id).GetProperty("unread").GetInt64(),
            "the list");
    }

    private void StartAgain()
    {
        var before = new[] { _alice, _bob };
        _app.Dispose();
        _app = new SampleImApp(dataPath: _dataPath, database: _database);
        (_alice, _bob) = (At(before[0]), At(before[1]));

        ApiUser At(ApiUser user)
        {
            var again = new ApiUser(_app, user.Username);
            again.Cookies.Add(_app.Address, user.Cookies.GetAllCookies());
            return again;
        }
    }
}
