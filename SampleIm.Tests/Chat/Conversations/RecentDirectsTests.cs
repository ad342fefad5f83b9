using Dapper;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Conversations;

/// <summary>
/// The list of somebody with more direct conversations than it shows: the unread ones, then the latest, kept up by each
/// message, by reading and by recalls.
/// </summary>
[TestClass]
public sealed class RecentDirectsTests
{
    private readonly TestDatabase _database = TestDatabase.Create();
    private readonly string _dataPath = TestMachine.MakeFolder();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private ApiUser _carol = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(dataPath: _dataPath, database: _database);
        _alice = await _app.RegisterAsync("alice");
        _carol = await _app.RegisterAsync("carol");
        await _carol.SendAsync("@alice", "long ago");
        await ReadCarolsAsync(1);
        await _app.ExecuteAsync("UPDATE messages SET sent_at = 1");
        await _app.ExecuteAsync("UPDATE members SET last_sent_at = 1 WHERE last_sent_at IS NOT NULL");
        await _app.FillAsync(messages: 1, conversations: 250);
    }

    [TestCleanup]
    public void Stop()
    {
        _app.Dispose();
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task TheList_ShowsTheRoomsAndTheLatestDirects()
    {
        var directs = Enumerable.Range(52, 199).Reverse().Select(number => $"@filled-{number}").ToList();
        CollectionAssert.AreEqual(directs, (await ListAsync()).Where(id => id != "lobby").ToList());
        CollectionAssert.Contains(await ListAsync(), "lobby");
    }

    [TestMethod]
    public async Task AllConversations_AreListedPageByPage_EachOnce_AlsoWhileSomethingIsSaid()
    {
        var (found, after) = (new List<string>(), "");
        do
        {
            var page = (await _alice.GetAsync($"/api/conversations?limit=100&after={after}")).As<ConversationListResponse>();
            Assert.AreEqual(page.Next is not null, page.HasMore);
            found.AddRange(page.Conversations.Select(conversation => conversation.Id));
            after = page.Next;
            // It moves to the front, and with it nobody else into the pages to come.
            await _alice.SendAsync("@filled-249", "and you?");
        }
        while (after is not null);
        Assert.AreEqual("@filled-250 @filled-249", string.Join(' ', found.Where(id => id != "lobby").Take(2)));
        Assert.HasCount(1 + 250 + 1, found);
        CollectionAssert.AllItemsAreUnique(found);
        Assert.AreEqual("@filled-1 @carol", string.Join(' ', found.Where(id => id != "lobby").TakeLast(2)));
        var first = (await _alice.GetAsync("/api/conversations")).As<ConversationListResponse>();
        Assert.HasCount(200, first.Conversations);
        Assert.IsTrue(first.HasMore);
        (await _alice.GetAsync("/api/conversations?limit=201")).ShouldBe(400, "request.invalid");
    }

    [TestMethod]
    public async Task AllConversations_OfOneMoment_AreListedPageByPage_EachOnce()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync("alice");
        foreach (var peer in new[] { "bob", "carol", "dave" })
        {
            await app.RegisterAsync(peer);
            await alice.SendAsync($"@{peer}", "at the same moment");
        }

        await app.ExecuteAsync("UPDATE messages SET sent_at = 1000");
        await app.ExecuteAsync("UPDATE members SET last_sent_at = 1000 WHERE last_sent_at IS NOT NULL");
        var (found, after) = (new List<string>(), "");
        do
        {
            var page = (await alice.GetAsync($"/api/conversations?limit=1&after={after}")).As<ConversationListResponse>();
            found.AddRange(page.Conversations.Select(conversation => conversation.Id));
            after = page.Next;
        }
        while (after is not null);
        CollectionAssert.AreEquivalent(new[] { "lobby", "@bob", "@carol", "@dave" }, found);
    }

    [TestMethod]
    public async Task AMessage_BringsTheConversationUp_OnBothSides()
    {
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
        await _carol.SendAsync("@alice", "are you there?");
        Assert.AreEqual("@carol", (await ListAsync())[0]);
        await _alice.SendAsync("@filled-1", "and you?");
        Assert.AreEqual("@filled-1", (await ListAsync())[0]);
        var times = await TimesAsync();
        Assert.HasCount(1, times.Where(row => row.ConversationId == 1_000_001).Select(row => row.LastSentAt).Distinct());
    }

    [TestMethod]
    public async Task AnEditAndARecall_LeaveItWhereItWas()
    {
        var before = await TimesAsync();
        (await _carol.PatchAsync("/api/conversations/@alice/messages/1", new { text = "edited" })).ShouldBe(200);
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
        (await _carol.DeleteAsync("/api/conversations/@alice/messages/1")).ShouldBe(204);
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
        CollectionAssert.AreEqual(before, await TimesAsync());
    }

    [TestMethod]
    public async Task AnUnreadOne_IsListedBeforeReadOnes_HoweverOldItIs()
    {
        await SayLongAgoAsync();
        StartAgain();
        CollectionAssert.DoesNotContain(await ListAsync(), "@filled-52", "The premise: it has the place of the last one.");
        Assert.AreEqual("@carol", (await ListAsync())[^1], "Latest first, as ever.");
        var carols = (await _alice.TotalAsync()).Conversations.Single(conversation => conversation.Id == "@carol");
        Assert.AreEqual(1, carols.Unread);
        // This list is not cut off at all: it goes on.
        var first = (await _alice.GetAsync("/api/conversations")).As<ConversationListResponse>();
        var list = (await _alice.GetAsync($"/api/conversations?after={first.Next}")).Element.GetProperty("conversations")
            .EnumerateArray().ToList();
        Assert.AreEqual(1, list.Single(row => row.GetProperty("id").GetString() == "@carol").GetProperty("unread").GetInt64());

        await ReadCarolsAsync(2);
        StartAgain();
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
        CollectionAssert.Contains(await ListAsync(), "@filled-52");
    }

    [TestMethod]
    public async Task OneWhoseUnreadMessagesWereRecalled_CountsAsRead()
    {
        await SayLongAgoAsync();
        (await _carol.DeleteAsync("/api/conversations/@alice/messages/2")).ShouldBe(204);
        StartAgain();
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
    }

    [TestMethod]
    public async Task OneWhoseLastMessageWasRecalled_IsListedForTheOthers()
    {
        await SayLongAgoAsync();
        await SayLongAgoAsync();
        (await _carol.DeleteAsync("/api/conversations/@alice/messages/3")).ShouldBe(204);
        StartAgain();
        CollectionAssert.Contains(await ListAsync(), "@carol");
        await ReadCarolsAsync(2);
        StartAgain();
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
    }

    [TestMethod]
    public async Task OneThatWasAnswered_CountsAsRead()
    {
        await SayLongAgoAsync();
        await _alice.SendAsync("@carol", "so it was");
        await _app.ExecuteAsync("UPDATE messages SET sent_at = 1 WHERE text = 'so it was'");
        await _app.ExecuteAsync(
            "UPDATE members SET last_sent_at = 1 WHERE last_sent_at IS NOT NULL AND conversation_id < 1000000");
        StartAgain();
        CollectionAssert.DoesNotContain(await ListAsync(), "@carol");
    }

    [TestMethod]
    public async Task ADatabaseOfBefore_IsBroughtUpToIt()
    {
        var (list, times) = (await ListAsync(), await TimesAsync());
        Assert.HasCount(2 * (1 + 250 + 250), times.Where(row => row.LastSentAt is not null));
        await _app.ExecuteAsync(
            TestDatabase.IsMySql ? "DROP INDEX ix_members_recent ON members" : "DROP INDEX ix_members_recent");
        await _app.ExecuteAsync("ALTER TABLE members DROP COLUMN last_sent_at");
        await _app.ApplyAgainAsync("0003_recent_directs.sql");
        StartAgain();
        CollectionAssert.AreEqual(times, await TimesAsync());
        CollectionAssert.AreEqual(list, await ListAsync());
    }

    [TestMethod]
    [TestCategory(TestDatabase.MySqlOnly)]
    public async Task AStartThatWasCutOffBehindTheNewColumn_IsTakenUpAgain()
    {
        var times = await TimesAsync();
        await _app.ExecuteAsync("UPDATE members SET last_sent_at = NULL");
        await _app.ExecuteAsync("DELETE FROM schema_files WHERE name >= '0003_recent_directs.sql'");
        StartAgain();
        CollectionAssert.AreEqual(times, await TimesAsync());
        (await _app.Anonymous().GetAsync("/health/ready")).ShouldBe(200);
    }

    /// <summary>One more message of carol's, which came before all others.</summary>
    private async Task SayLongAgoAsync()
    {
        await _carol.SendAsync("@alice", "once more");
        await _app.ExecuteAsync("UPDATE messages SET sent_at = 1 WHERE text = 'once more'");
        await _app.ExecuteAsync(
            "UPDATE members SET last_sent_at = 1, unread_at = unread_at - unread_at + 1 WHERE last_sent_at IS NOT NULL AND "
                + "conversation_id < 9");
    }

    private async Task ReadCarolsAsync(long seq) => (await _alice.PutAsync("/api/conversations/@carol/read", new { seq }))
        .ShouldBe(204);

    private void StartAgain()
    {
        _app.Dispose();
        _app = new SampleImApp(dataPath: _dataPath, database: _database);
        var again = new ApiUser(_app, "alice");
        again.Cookies.Add(_app.Address, _alice.Cookies.GetAllCookies());
        _alice = again;
        var carol = new ApiUser(_app, "carol");
        carol.Cookies.Add(_app.Address, _carol.Cookies.GetAllCookies());
        _carol = carol;
    }

    private async Task<List<string>> ListAsync() =>
        [.. (await _alice.TotalAsync()).Conversations.Select(conversation => conversation.Id)];

    private Task<List<(long ConversationId, long UserId, long? LastSentAt)>> TimesAsync() => _app.Get<Database>().ReadAsync(
        async connection => (await connection.QueryAsync<(long, long, long?)>(
            "SELECT conversation_id, user_id, last_sent_at FROM members ORDER BY conversation_id, "
                + "user_id")).AsList(), CancellationToken.None);
}
