using SampleIm.Api.People.Profiles;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Conversations;

[TestClass]
public sealed class ConversationTests
{
    private static SampleImApp s_app = null!;
    private ApiUser _alice = null!;

    [ClassInitialize]
    public static void StartApp(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void StopApp() => s_app.Dispose();

    [TestInitialize]
    public async Task Start() => _alice = await s_app.RegisterAsync();

    [TestMethod]
    public async Task Lobby_IsEverybodys()
    {
        var lobby = await _alice.ConversationAsync("lobby");
        Assert.AreEqual(("lobby", "room", "Lobby"), (lobby.Id, lobby.Kind, lobby.Title));
        Assert.AreEqual(lobby, await _alice.ConversationAsync("LOBBY"));
    }

    [TestMethod]
    [DataRow("physics-101")]
    [DataRow("@nobody-at-all")]
    [DataRow("@")]
    [DataRow("lob by")]
    [DataRow("' OR 1=1 --")]
    [DataRow("%EF%BF%BD")]
    [DataRow("@%ED%A0%80")]
    public async Task AnyCall_OnAConversationThatIsNone_Is404(string id)
    {
        var path = "/api/conversations/" + (id.Contains('%', StringComparison.Ordinal) ? id : Uri.EscapeDataString(id));
        (await _alice.GetAsync(path)).ShouldBe(404, "conversation.unknown");
        (await _alice.GetAsync($"{path}/messages/new")).ShouldBe(404, "conversation.unknown");
        (await _alice.GetAsync($"{path}/messages/history")).ShouldBe(404, "conversation.unknown");
        (await _alice.GetAsync($"{path}/messages/1")).ShouldBe(404, "conversation.unknown");
        (await _alice.PostAsync($"{path}/messages", new { text = "x" })).ShouldBe(404, "conversation.unknown");
        (await _alice.PatchAsync($"{path}/messages/1", new { text = "x" })).ShouldBe(404, "conversation.unknown");
        (await _alice.DeleteAsync($"{path}/messages/1")).ShouldBe(404, "conversation.unknown");
        (await _alice.PutAsync($"{path}/read", new { seq = 1 })).ShouldBe(404, "conversation.unknown");
    }

    [TestMethod]
    public async Task AnyCall_OnARoomThatTheCallerIsNotIn_Is403()
    {
        await s_app.ExecuteAsync(
            "INSERT INTO conversations (kind, slug, title, last_seq, version, created_at, changed_at) VALUES ('room', 'closed', "
                + "'Closed', 1, 1, 0, 0)");
        await s_app.ExecuteAsync("""
            INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at)
            SELECT c.id, 1, 1, u.id, 'text', 'inside', 0
            FROM conversations c, users u WHERE c.slug = 'closed' AND u.username = @Username
            """, new { _alice.Username });
        const string Path = "/api/conversations/closed";
        (await _alice.GetAsync(Path)).ShouldBe(403, "conversation.notMember");
        (await _alice.GetAsync($"{Path}/messages/new")).ShouldBe(403, "conversation.notMember");
        (await _alice.GetAsync($"{Path}/messages/history")).ShouldBe(403, "conversation.notMember");
        (await _alice.GetAsync($"{Path}/messages/1")).ShouldBe(403, "conversation.notMember");
        (await _alice.PostAsync($"{Path}/messages", new { text = "x" })).ShouldBe(403, "conversation.notMember");
        (await _alice.PatchAsync($"{Path}/messages/1", new { text = "x" })).ShouldBe(403, "conversation.notMember");
        (await _alice.DeleteAsync($"{Path}/messages/1")).ShouldBe(403, "conversation.notMember");
        (await _alice.PutAsync($"{Path}/read", new { seq = 1 })).ShouldBe(403, "conversation.notMember");
        Assert.IsFalse((await _alice.TotalAsync()).Conversations.Any(conversation => conversation.Id == "closed"));
    }

    [TestMethod]
    public async Task Direct_IsForItsTwoSidesAlone()
    {
        var (bob, eve) = (await s_app.RegisterAsync(), await s_app.RegisterAsync());
        await _alice.SendAsync("@" + bob.Username, "between us");
        Assert.HasCount(1, (await bob.NewAsync("@" + _alice.Username)).Messages);
        Assert.IsEmpty((await eve.NewAsync("@" + _alice.Username)).Messages);
        Assert.IsEmpty((await eve.NewAsync("@" + bob.Username)).Messages);
        (await eve.GetAsync($"/api/conversations/@{bob.Username}/messages/1")).ShouldBe(404, "message.unknown");
        (await eve.DeleteAsync($"/api/conversations/@{bob.Username}/messages/1")).ShouldBe(404, "message.unknown");
    }

    [TestMethod]
    public async Task Direct_IsFoundInAnyCaseAndForm_AndAnsweredInItsOwn()
    {
        var zoe = await s_app.RegisterAsync("Zoë.X", "Zoë");
        await _alice.SendAsync("@zOE\u0308.x", "hi");
        Assert.AreEqual("@Zoë.X", (await _alice.TotalAsync()).Conversations[0].Id);
        Assert.HasCount(1, (await zoe.NewAsync("@" + _alice.Username)).Messages);
        var encoded = await _alice.GetAsync($"/api/conversations/{Uri.EscapeDataString("@ZOË.X")}/messages/1");
        Assert.AreEqual("hi", encoded.Element.GetProperty("text").GetString());
    }

    [TestMethod]
    public async Task Users_AreFoundByAnyPartOfTheirNamesTakenLiterally()
    {
        await s_app.RegisterAsync("q_Under", "Quentin 100%");
        await s_app.RegisterAsync("qXunder", "Ünïcode Quest");
        Assert.AreEqual("q_Under", await FindAsync("Q_U"));
        Assert.AreEqual("q_Under", await FindAsync("100%"));
        Assert.AreEqual("qXunder q_Under", await FindAsync("UNDER"));
        Assert.AreEqual("qXunder", await FindAsync("ünïCODE"));
        Assert.AreEqual("", await FindAsync("' OR '1'='1"));
        Assert.AreEqual("qXunder", await FindAsync("under", limit: 1));
        (await _alice.GetAsync("/api/users?limit=0")).ShouldBe(400, "request.invalid");
        (await _alice.GetAsync("/api/users?limit=101")).ShouldBe(400, "request.invalid");
        (await _alice.GetAsync($"/api/users?query={new string('x', 65)}")).ShouldBe(400, "request.invalid");
        (await _alice.GetAsync("/api/users?query=a%00b")).ShouldBe(400, "request.invalid");
        (await _alice.GetAsync("/api/users/nobody-at-all")).ShouldBe(404, "user.unknown");
        (await _alice.GetAsync("/api/users/%EF%BF%BE")).ShouldBe(404, "user.unknown");
        (await _alice.GetAsync("/api/conversations/@%EF%BF%BE")).ShouldBe(404, "conversation.unknown");
        (await _alice.GetAsync("/api/users?query=%EF%BF%BE")).ShouldBe(200);
        (await _alice.PatchAsync("/api/account", new { displayName = "a\uFFFEb" })).ShouldBe(400, "account.displayNameInvalid");
    }

    [TestMethod]
    public async Task Users_AreFoundWithoutAccentsCaseAndDoubleBlanks()
    {
        await s_app.RegisterAsync("fz-bob", "Robert  the\u3000Second");
        await s_app.RegisterAsync("fz-Zoë", "fz İSTANBUL");
        await s_app.RegisterAsync("fz-straße", "fz Đường Ⅳ");
        await s_app.RegisterAsync("fz-が行", "fz Łódź Ørsted");
        foreach (var (query, found) in new[]
        {
            ("@fz-bob", "fz-bob"), (" @FZ-BOB ", "fz-bob"), ("robert the second", "fz-bob"), ("the   second", "fz-bob"),
            ("fz-zoe", "fz-Zoë"), ("fz-ZOË", "fz-Zoë"), ("fz istanbul", "fz-Zoë"), ("fz ıstanbul", "fz-Zoë"),
            ("FZ-STRASSE", "fz-straße"), ("fz-straße", "fz-straße"), ("fz duong iv", "fz-straße"), ("fz-が", "fz-が行"),
            ("fz-か", ""), ("fz lodz orsted", "fz-が行"), ("fz-b\u200Bob", "fz-bob"), ("fz%", ""), ("fz_bob", ""),
        })
        {
            Assert.AreEqual(found, await FindAsync(query), query);
        }

        var renamed = await s_app.RegisterAsync("fz-plain");
        (await renamed.PatchAsync("/api/account", new { displayName = "fz Ångström" })).ShouldBe(200);
        Assert.AreEqual("fz-plain", await FindAsync("fz angstrom"));
    }

    [TestMethod]
    public async Task Users_GoOnPageByPage_EachOnce()
    {
        for (var number = 1; number <= 5; number++)
        {
            await s_app.RegisterAsync($"pg-{number}", number % 2 == 0 ? null : $"About pg-{number}");
            await s_app.RegisterAsync($"x.pg-{number}");
        }

        var (found, after, pages) = (new List<string>(), "", 0);
        do
        {
            var page = (await _alice.GetAsync($"/api/users?query=@PG-&limit=3&after={after}")).As<UserListResponse>();
            Assert.AreEqual(page.Next is not null, page.HasMore);
            found.AddRange(page.Users.Select(user => user.Username));
            after = page.Next;
            pages++;
            // Behind the reader: it is not in the pages to come, and moves nobody into them again.
            await s_app.RegisterAsync($"pg-0{pages}");
        }
        while (after is not null);
        Assert.AreEqual("pg-1 pg-2 pg-3 pg-4 pg-5 x.pg-1 x.pg-2 x.pg-3 x.pg-4 x.pg-5", string.Join(' ', found));
        Assert.AreEqual(4, pages);
        Assert.IsFalse((await _alice.GetAsync("/api/users?query=@PG-0&limit=4")).As<UserListResponse>().HasMore);
    }

    [TestMethod]
    [DataRow("5")]
    [DataRow("not a place")]
    [DataRow("QUJD")]
    [DataRow("OjE")]
    public async Task APlaceThatWasNeverGiven_Is400(string after)
    {
        (await _alice.GetAsync($"/api/users?after={Uri.EscapeDataString(after)}")).ShouldBe(400, "request.invalid");
        var answer = await _alice.GetAsync($"/api/conversations?after={Uri.EscapeDataString(after)}");
        answer.ShouldBe(400, "request.invalid");
        Assert.AreEqual(1, answer.Element.GetProperty("errors").GetProperty("after").GetArrayLength());
    }

    private async Task<string> FindAsync(string query, int limit = 20)
    {
        var answer = await _alice.GetAsync($"/api/users?query={Uri.EscapeDataString(query)}&limit={limit}");
        return string.Join(
            ' ', answer.Element.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("username").GetString()));
    }
}
