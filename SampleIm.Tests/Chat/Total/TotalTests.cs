using System.Globalization;
using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Total;

[TestClass]
public sealed class TotalTests
{
    private readonly TestClock _clock = new();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(clock: _clock);
        // The database made the lobby by its own clock, which went on: what is said comes after that.
        _clock.Advance(TimeSpan.FromMinutes(1));
        _alice = await _app.RegisterAsync("alice", "Alice");
        _bob = await _app.RegisterAsync("bob", "Bob");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Total_HasExactlyTheFieldsOfTheContract()
    {
        await _bob.SendAsync("lobby", "see you");
        var answer = await _alice.GetAsync("/api/total");
        Assert.IsInRange(
            1, 2.5, double.Parse(answer.Response.Headers.GetValues("X-Poll-Interval").Single(), CultureInfo.InvariantCulture));
        Assert.AreEqual("application/json; charset=utf-8", answer.Response.Content.Headers.ContentType!.ToString());
        var total = answer.Element;
        CollectionAssert.AreEqual(new[] { "me", "online", "onlineFull", "conversations" }, Names(total));
        CollectionAssert.AreEqual(new[] { "username", "displayName", "avatarUrl" }, Names(total.GetProperty("online")[0]));
        var lobby = total.GetProperty("conversations")[0];
        CollectionAssert.AreEqual(
            new[] { "id", "kind", "title", "lastSeq", "version", "readSeq", "unread", "lastMessage" }, Names(lobby));
        CollectionAssert.AreEqual(
            new[] { "sender", "senderUsername", "kind", "text", "sentAt" }, Names(lobby.GetProperty("lastMessage")));
    }

    [TestMethod]
    public async Task Total_Unchanged_Is304WithoutABody()
    {
        await _alice.TotalAsync();
        var etag = await ETagAsync();
        for (var poll = 0; poll < 3; poll++)
        {
            var answer = await _alice.GetAsync("/api/total", etag);
            Assert.AreEqual((304, ""), (answer.Status, answer.Body));
            Assert.AreEqual(etag, answer.Response.Headers.ETag!.ToString());
            Assert.IsTrue(answer.Response.Headers.Contains("X-Poll-Interval"));
        }

        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", $"W/{etag}, \"other\"")).Status);
        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", "*")).Status);
        Assert.AreEqual(200, (await _alice.GetAsync("/api/total", "\"other\"")).Status);
        Assert.AreEqual(200, (await _alice.GetAsync("/api/total", "no tag at all")).Status);
    }

    [TestMethod]
    public async Task Total_EveryChangeThatItShows_IsA200()
    {
        await _bob.TotalAsync();
        await ChangesAsync("a message", () => _bob.SendAsync("lobby", "one"));
        await ChangesAsync("an edit", () => _bob.PatchAsync("/api/conversations/lobby/messages/1", new { text = "two" }));
        await ChangesAsync("reading", () => _alice.PutAsync("/api/conversations/lobby/read", new { seq = 1 }));
        await ChangesAsync("a first direct message", () => _bob.SendAsync("@alice", "psst"));
        await ChangesAsync("a second one", () => _bob.SendAsync("@alice", "hey"));
        await ChangesAsync("a recall", () => _bob.DeleteAsync("/api/conversations/lobby/messages/1"));
        await ChangesAsync("a new name", () => _bob.PatchAsync("/api/account", new { displayName = "Robert" }));
        await ChangesAsync("a sign-out", () => _bob.PostAsync("/api/account/logout"));
    }

    [TestMethod]
    public async Task Total_WhatDoesNotConcernTheCaller_StaysA304()
    {
        var carol = await _app.RegisterAsync("carol");
        await carol.TotalAsync();
        await _bob.TotalAsync();
        await _alice.SendAsync("lobby", "read");
        await _alice.TotalAsync();
        var etag = await ETagAsync();
        await _bob.SendAsync("@carol", "between us");
        await _bob.PatchAsync("/api/account", new { bio = "not shown here" });
        await _alice.PutAsync("/api/conversations/lobby/read", new { seq = 1 });
        await _alice.PutAsync("/api/conversations/lobby/read", new { seq = 0 });
        await _bob.PutAsync("/api/conversations/lobby/read", new { seq = 1 });
        await _alice.PatchAsync("/api/conversations/lobby/messages/1", new { text = "read" });
        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", etag)).Status);
    }

    [TestMethod]
    public async Task Total_ListsTheLatestFirstAndADirectOnceItHasAMessage()
    {
        await _app.RegisterAsync("carol");
        Assert.AreEqual("lobby", Ids(await _alice.TotalAsync()));
        await _alice.GetAsync("/api/conversations/@bob");
        Assert.AreEqual("lobby", Ids(await _alice.TotalAsync()));
        await _bob.SendAsync("@alice", "hi");
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        await _alice.SendAsync("@carol", "hi");
        Assert.AreEqual("@carol @bob lobby", Ids(await _alice.TotalAsync()));
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        await _bob.SendAsync("lobby", "hi all");
        Assert.AreEqual("lobby @carol @bob", Ids(await _alice.TotalAsync()));
        var list = await _alice.GetAsync("/api/conversations");
        Assert.AreEqual(
            "lobby @carol @bob",
            string.Join(
                ' ', list.Element.GetProperty("conversations").EnumerateArray().Select(c => c.GetProperty("id").GetString())));
    }

    [TestMethod]
    public async Task Total_CountsTheUnreadAndShowsThePreview()
    {
        await _bob.SendAsync("@alice", "one");
        await _bob.SendAsync("@alice", new string('x', 79) + "😀 and more");
        var direct = (await _alice.TotalAsync()).Conversations[0];
        Assert.AreEqual(
            ("@bob", "direct", "Bob", 2L, 2L, 0L, 2L),
            (direct.Id, direct.Kind, direct.Title, direct.LastSeq, direct.Version, direct.ReadSeq, direct.Unread));
        Assert.AreEqual(
            ("Bob", "text", new string('x', 79)), (direct.LastMessage!.Sender, direct.LastMessage.Kind, direct.LastMessage.Text));

        await _alice.SendAsync("@bob", "answered");
        direct = (await _alice.TotalAsync()).Conversations[0];
        Assert.AreEqual((3L, 0L), (direct.ReadSeq, direct.Unread));
        Assert.AreEqual("Alice", direct.LastMessage!.Sender);

        await _alice.DeleteAsync("/api/conversations/@bob/messages/3");
        direct = (await _alice.TotalAsync()).Conversations[0];
        Assert.AreEqual(("recalled", null), (direct.LastMessage!.Kind, direct.LastMessage.Text));
    }

    [TestMethod]
    public async Task Preview_OfTwoPeopleWithOneName_SaysWhichOfThemItWas()
    {
        var other = await _app.RegisterAsync("other", "Alice");
        await other.SendAsync("lobby", "not by alice");
        await _alice.SendAsync("@other", "by alice");
        var conversations = (await _alice.TotalAsync()).Conversations;
        CollectionAssert.AreEquivalent(
            new[] { ("lobby", "Alice", "other"), ("@other", "Alice", "alice") },
            conversations.Select(one => (one.Id, one.LastMessage!.Sender, one.LastMessage.SenderUsername)).ToArray());
        foreach (var one in conversations)
        {
            Assert.AreEqual(one.LastMessage, (await _alice.ConversationAsync(one.Id)).LastMessage);
        }
    }

    [TestMethod]
    public async Task Total_OfANewcomer_CountsWhatWasSaidBeforeAsRead()
    {
        await _alice.SendAsync("lobby", "before");
        var carol = await _app.RegisterAsync();
        Assert.AreEqual(0, (await carol.TotalAsync()).Conversations[0].Unread);
        await _alice.SendAsync("lobby", "after");
        Assert.AreEqual(1, (await carol.TotalAsync()).Conversations[0].Unread);
    }

    [TestMethod]
    public async Task Total_AfterARestart_IsTheSameForTheSameCookie()
    {
        var dataPath = TestMachine.MakeFolder();
        using var database = TestDatabase.Create();
        var cookies = new System.Net.CookieContainer();
        using (var first = new SampleImApp(dataPath: dataPath, database: database))
        {
            var (anna, ben) = (await first.RegisterAsync("anna"), await first.RegisterAsync("ben"));
            await ben.SendAsync("@anna", "remember");
            cookies = anna.Cookies;
        }

        using (var again = new SampleImApp(dataPath: dataPath, database: database))
        {
            var anna = new ApiUser(again, "anna");
            anna.Cookies.Add(cookies.GetAllCookies());
            var total = await anna.TotalAsync();
            Assert.AreEqual(("anna", "@ben", 1L), (total.Me, total.Conversations[0].Id, total.Conversations[0].Unread));
        }

        Directory.Delete(dataPath, recursive: true);
    }

    [TestMethod]
    public async Task Total_With200OtherTalks_KeepsTheLobby()
    {
        for (var number = 1; number <= 230; number++)
        {
            var arguments = new { name = $"p{number}", key = $"P{number}", sentAt = 4_000_000_000_000 + number };
            await _app.ExecuteAsync("""
                INSERT INTO users (username, username_key, display_name, display_name_key, password_hash,
                    security_stamp, created_at, changed_at)
                VALUES (@name, @key, @name, @key, '', '', 0, 0)
                """, arguments);
            await _app.ExecuteAsync("""
                INSERT INTO conversations (kind, direct_low, direct_high, last_seq, version, created_at, changed_at)
                SELECT 'direct', a.id, p.id, 1, 1, 0, 0 FROM users a, users p WHERE a.username = 'alice' AND p.username = @name
                """, arguments);
            await _app.ExecuteAsync("""
                INSERT INTO members (conversation_id, user_id, joined_at, changed_at)
                SELECT c.id, c.direct_low, 0, 0 FROM conversations c JOIN users p ON p.id = c.direct_high WHERE p.username = @name
                """, arguments);
            await _app.ExecuteAsync("""
                INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at)
                SELECT c.id, 1, 1, c.direct_low, 'text', 'x', @sentAt
                FROM conversations c JOIN users p ON p.id = c.direct_high WHERE p.username = @name
                """, arguments);
        }

        var total = await _alice.TotalAsync();
        Assert.HasCount(200, total.Conversations);
        Assert.AreEqual("@p230", total.Conversations[0].Id);
        Assert.AreEqual("lobby", total.Conversations[^1].Id);
    }

    private async Task ChangesAsync(string what, Func<Task> change)
    {
        await _alice.TotalAsync();
        var etag = await ETagAsync();
        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", etag)).Status, what);
        await change();
        Assert.AreEqual(200, (await _alice.GetAsync("/api/total", etag)).Status, what);
    }

    private async Task<string> ETagAsync() => (await _alice.GetAsync("/api/total")).Response.Headers.ETag!.ToString();

    private static string Ids(SampleIm.Api.Chat.Total.TotalResponse total) =>
        string.Join(' ', total.Conversations.Select(conversation => conversation.Id));

    private static string[] Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name).ToArray();
}
