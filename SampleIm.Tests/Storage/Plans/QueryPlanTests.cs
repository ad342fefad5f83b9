using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage.Plans;

/// <summary>
/// What a call costs must not grow with what was said: on a database with some thousand rows in each table the calls of a day are
/// made, and of every statement that ran for them the database has to say that it finds its rows by index.
/// </summary>
[TestClass]
public sealed class QueryPlanTests
{
    /// <summary>Reads or sorts more, and why that is bounded.</summary>
    private static readonly Dictionary<string, string> s_mayRead = new()
    {
        ["Profiles.Search"] = "a text within a name is in no index: it grows with the users, not with what was said",
        ["SignInAttempts.IsTooMany"] = "counts along an index once a minute, as far as there may be rows",
    };

    private static readonly Dictionary<string, string> s_maySort = new()
    {
        ["Conversations.ListOfUser"] = "the user's rooms, at most 200 unread directs and 200 of the latest, found by index",
        ["Conversations.PageOfUser"] = "the user's rooms and one page of the directs, found by index",
        ["Profiles.Search"] = "the users found",
    };

    private static readonly Dictionary<string, string> s_mayGoByHalfAKey = new()
    {
        ["Messages.MoveUp"] = "a direct conversation has two members",
        ["Recalls.ListUnread"] = "a direct conversation has two members",
    };

    private readonly TestDatabase _database = TestDatabase.Create();
    private readonly string _dataPath = TestMachine.MakeFolder();
    private RecordingDialect _dialect = null!;
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task Start()
    {
        _dialect = new RecordingDialect(_database.MakeDialect(_dataPath));
        _app = new SampleImApp(
            dataPath: _dataPath, database: _database, replace: services =>
                services.Replace(ServiceDescriptor.Singleton(_ => new Database(_dialect))));
        _alice = await _app.RegisterAsync("alice");
        _bob = await _app.RegisterAsync("bob");
        await FillAsync();
    }

    [TestCleanup]
    public void Stop()
    {
        _app.Dispose();
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task EveryStatement_FindsItsRowsByIndex()
    {
        _dialect.Take();
        await MakeTheCallsOfADayAsync();
        var statements = _dialect.Take().DistinctBy(statement => statement.Name)
            .OrderBy(statement => statement.Name, StringComparer.Ordinal).ToList();
        string[] expected =
        [
            "Conversations.ClearUnread", "Conversations.FindOfUser", "Conversations.ListOfUser", "Conversations.ListRecalled",
            "Conversations.LocateDirect", "Conversations.LocateRoom", "Conversations.MarkRead", "Conversations.PageOfUser",
            "Directs.Create", "Directs.Find", "Directs.Join", "Images.Add", "Images.Find", "Images.ListKnown",
            "Images.ListUnsent", "Images.RemoveUnsent", "Images.SumOfOwner", "Messages.Edit", "Messages.Find",
            "Messages.FindByClientId",
            "Messages.FindImages", "Messages.Insert", "Messages.IsImageSent", "Messages.ListBefore", "Messages.ListSince",
            "Messages.MarkOwnRead", "Messages.MoveUp", "Messages.Recall",
            "Messages.TakeNumbers", "Messages.TakeVersion", "Messages.Taken", "Profiles.Search",
            "Recalls.FindDigest", "Recalls.ListUnread", "Recalls.Record", "Sends.ListClientIds", "Sends.ListImages",
            "Sends.ListMembers", "Sessions.End", "Sessions.Find", "Sessions.RemoveExpired", "Sessions.Start",
            "SignInAttempts.Count", "SignInAttempts.Counted", "SignInAttempts.Forget", "SignInAttempts.IsTooMany",
            "SignInAttempts.Sweep", "Users.Create", "Users.FindByName", "Users.JoinLobby", "Users.KeepSession",
            "Users.UpdatePassword",
        ];
        CollectionAssert.IsSubsetOf(expected, statements.ConvertAll(statement => statement.Name));

        var faults = new List<string>();
        foreach (var statement in statements.Where(statement => IsAboutRows(statement.Text)))
        {
            var plan = await ExplainAsync(statement);
            TestContext.WriteLine($"{statement.Name}\n    {plan}");
            faults.AddRange(
                s_mayRead.ContainsKey(statement.Name)
                    ? []
                    : plan.Scans.Select(step => $"{statement.Name} reads a whole table: {step}"));
            faults.AddRange(
                s_maySort.ContainsKey(statement.Name) ? [] : plan.Sorts.Select(step => $"{statement.Name} sorts: {step}"));
            faults.AddRange(
                s_mayGoByHalfAKey.ContainsKey(statement.Name)
                    ? []
                    : plan.HalfKeys.Where(step => !IsOfTheLatest(step))
                        .Select(step => $"{statement.Name} reads all of a conversation: {step}"));
        }

        Assert.AreEqual("", string.Join('\n', faults));
    }

    [TestMethod]
    public async Task AStatementThatReadsOrSortsEverything_IsSeen()
    {
        var scan = await ExplainAsync(new RanStatement("SELECT seq FROM messages WHERE text = @text", [("@text", "x")]));
        Assert.HasCount(1, scan.Scans, scan.ToString());
        var sort = await ExplainAsync(
            new RanStatement("SELECT seq, text FROM messages WHERE conversation_id = 1 ORDER BY sent_at LIMIT 10", []));
        Assert.HasCount(1, sort.Sorts, sort.ToString());
        Assert.HasCount(1, sort.HalfKeys, sort.ToString());
    }

    /// <summary>
    /// With a million messages and a hundred thousand users MariaDB preferred to begin with the users, and took seconds for a
    /// page. So many would take this test too long; but the index of that way must not even be among those to choose from.
    /// </summary>
    [TestMethod]
    [TestCategory(TestDatabase.MySqlOnly)]
    public async Task APageOfMessages_CannotBeReadByWayOfTheSenders()
    {
        _dialect.Take();
        await _alice.HistoryAsync("lobby", "?before=1500");
        await _alice.NewAsync("lobby");
        var pages = _dialect.Take().Where(statement => statement.Name is "Messages.ListBefore" or "Messages.ListSince").ToList();
        Assert.HasCount(2, pages);
        foreach (var page in pages)
        {
            var plan = (await ExplainAsync(page)).ToString();
            Assert.Contains("PRIMARY,ux_messages_version", plan);
            Assert.DoesNotContain("ux_messages_client_id", plan, page.Name);
        }
    }

    /// <summary>
    /// MariaDB may also walk the index of the latest from its end by the user alone: it is in order and stops at the limit.
    /// </summary>
    private static bool IsOfTheLatest(string step) => step.Contains("key=ix_members_recent ", StringComparison.Ordinal);

    private static bool IsAboutRows(string statement) =>
        new[] { "SELECT", "INSERT", "UPDATE", "DELETE" }.Any(verb => statement.Contains($"{verb} ", StringComparison.Ordinal));

    private Task<QueryPlan> ExplainAsync(RanStatement statement) => _app.Get<Database>().ReadAsync(
        connection => QueryPlan.OfAsync(connection, TestDatabase.IsMySql, statement), CancellationToken.None);

    private async Task MakeTheCallsOfADayAsync()
    {
        await _alice.TotalAsync();
        await _alice.HistoryAsync("lobby");
        await _alice.HistoryAsync("lobby", "?before=1500");
        await _alice.NewAsync("lobby", 1500, 100);
        await _alice.SendAsync("lobby", "hello", "a");
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { text = "hello", clientId = "a" })).ShouldBe(200);
        await _alice.SendAsync("@filled-1", "hello");
        var first = await _alice.SendAsync("@bob", "for the first time");
        await _bob.TotalAsync();
        await _bob.ConversationAsync("@alice");
        await _bob.ConversationAsync("lobby");
        (await _bob.PutAsync("/api/conversations/@alice/read", new { seq = 1 })).ShouldBe(204);
        await SendTogetherAsync();
        (await _alice.PatchAsync($"/api/conversations/@bob/messages/{first.Seq}", new { text = "edited" })).ShouldBe(200);
        var last = await _alice.SendAsync("@bob", "unread", "b");
        (await _alice.DeleteAsync($"/api/conversations/@bob/messages/{last.Seq}")).ShouldBe(204);
        (await _alice.PostAsync("/api/conversations/@bob/messages", new { text = "unread", clientId = "b" })).ShouldBe(200);
        var picture = await _alice.UploadPictureAsync();
        (await _alice.GetAsync(picture.Url)).ShouldBe(200);
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id })).ShouldBe(201);
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id }))
            .ShouldBe(409, "image.alreadySent");
        (await _alice.GetAsync("/api/users?query=filled-12")).ShouldBe(200);
        var page = (await _alice.GetAsync("/api/conversations?limit=20")).As<ConversationListResponse>();
        (await _alice.GetAsync($"/api/conversations?limit=20&after={page.Next}")).ShouldBe(200);
        var elsewhere = await _alice.SignInElsewhereAsync();
        (await elsewhere.GetAsync("/api/account")).ShouldBe(200);
        (await elsewhere.PostAsync("/api/account/logout")).ShouldBe(204);
        var change = new { currentPassword = ApiUser.FirstPassword, newPassword = "a better horse" };
        (await _alice.PostAsync("/api/account/password", change)).ShouldBe(204);
        await _app.Get<SignInAttempts>().SweepAsync(SignInAttempts.MostRows, CancellationToken.None);
        await _app.RegisterAsync("carol");
        await _app.ExecuteAsync("UPDATE images SET created_at = 0 WHERE id = 'i1'");
        using (var sweep = ActivatorUtilities.CreateInstance<OrphanSweep>(_app.Services))
        {
            await sweep.SweepAsync(CancellationToken.None);
        }

        if (TestDatabase.IsMySql)
        {
            await _app.Get<ChangeLog>().ListAsync(DateTimeOffset.UtcNow.AddMinutes(-1), CancellationToken.None);
        }
    }

    /// <summary>
    /// Messages that waited at the same time, one of them with a clientId that was used: what the others have to do with that.
    /// </summary>
    private async Task SendTogetherAsync()
    {
        var place = (await _app.Get<ConversationStore>().LocateAsync(1, "lobby", CancellationToken.None))!;
        var sender = _app.Get<KnownUsers>().Know(1, "alice", "alice");
        var picture = await _alice.UploadPictureAsync();
        var drafts = new[] { new MessageDraft("a", "hello", null), new MessageDraft("c", "hello", null),
            new MessageDraft(null, null, picture.Id) };
        var sends = drafts.Select(draft => new PendingSend(place, sender, draft)).ToList();
        await _app.Get<BatchWriter>().WriteAsync(sends);
        CollectionAssert.AreEqual(new[] { false, true, true },
            (await Task.WhenAll(sends.Select(send => send.Answer))).Select(entry => entry.IsChanged).ToArray());
    }

    private async Task FillAsync()
    {
        await _app.FillAsync(messages: 3000, conversations: 300);
        await _app.ExecuteAsync("UPDATE messages SET text = NULL, recalled_at = 1 WHERE conversation_id = 1 AND seq <= 2000");
        await _app.ExecuteAsync(
            "INSERT INTO recalls (conversation_id, seq, recalled_at) SELECT conversation_id, seq, 1 FROM messages WHERE "
                + "recalled_at > 0");
        await _app.ExecuteAsync("UPDATE members SET read_seq = 1990 WHERE conversation_id = 1");
        await _app.ExecuteAsync(
            "INSERT INTO sessions (id, user_id, security_stamp, created_at, expires_at) SELECT REPLACE('s#', '#', id), id, '', "
                + "0, 4000000000000 FROM users");
        await _app.ExecuteAsync(
            "INSERT INTO images (id, owner_id, content_type, size, width, height, created_at) SELECT REPLACE('i#', '#', id), "
                + "id, 'image/png', 1, 1, 1, 4000000000000 FROM users");
        await _app.ExecuteAsync("""
            INSERT INTO sign_in_attempts (bucket, attempts, ends_at) SELECT REPLACE('b#', '#', id), 1, 4000000000000 + id
            FROM users
            """);
        if (TestDatabase.IsMySql)
        {
            // What the optimiser knows of the rows; the server finds it out by itself, later.
            await _app.Get<Database>().ReadAsync(
                connection => connection.QueryAsync(
                    "ANALYZE TABLE users, sessions, sign_in_attempts, conversations, members, images, messages, recalls"),
                CancellationToken.None);
        }
    }
}
