using System.Net.Http.Json;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Messages.Sending;

[TestClass]
public sealed class SendTests
{
    private static SampleImApp s_app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;

    [ClassInitialize]
    public static void StartApp(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void StopApp() => s_app.Dispose();

    [TestInitialize]
    public async Task Start() => (_alice, _bob) = (await s_app.RegisterAsync(), await s_app.RegisterAsync());

    [TestMethod]
    public async Task Send_Is201WithTheMessageAndItsPlace()
    {
        var answer = await _alice.PostAsync(
            $"/api/conversations/@{_bob.Username}/messages", new { clientId = "one", text = "hello" });
        answer.ShouldBe(201);
        CollectionAssert.AreEqual(
            new[]
            {
                "conversation", "seq", "version", "sender", "kind", "text", "image", "sentAt", "editedAt", "recalledAt",
                "clientId",
            },
            answer.Element.EnumerateObject().Select(property => property.Name).ToArray());
        var message = answer.As<MessageResponse>();
        Assert.AreEqual(($"@{_bob.Username}", 1L, 1L, _alice.Username, "text", "hello", "one"),
            (
                message.Conversation, message.Seq, message.Version, message.Sender.Username, message.Kind, message.Text,
                message.ClientId));
        Assert.AreEqual(answer.Body, (await _alice.GetAsync(answer.Response.Headers.Location!.ToString())).Body);
        var seenByBob = (await _bob.NewAsync($"@{_alice.Username}")).Messages.Single();
        Assert.AreEqual(message with { Conversation = $"@{_alice.Username}" }, seenByBob);
    }

    [TestMethod]
    [DataRow("  indented\n\n\tcode\u2028it", DisplayName = "white space")]
    [DataRow("<script>alert(1)</script> & \"quotes\" \\ ' %", DisplayName = "markup")]
    [DataRow("مرحبا नमस्ते 你好 👩‍👩‍👧‍👦 e\u0301 \u202Eabc", DisplayName = "scripts")]
    public async Task Send_TheText_ComesBackAsSent(string text)
    {
        var direct = $"@{_bob.Username}";
        Assert.AreEqual(text, (await _alice.SendAsync(direct, text)).Text);
        Assert.AreEqual(text, (await _alice.NewAsync(direct)).Messages.Single().Text);
        Assert.AreEqual(text, (await _alice.HistoryAsync(direct)).Messages.Single().Text);
    }

    [TestMethod]
    public async Task Send_4000UnitsAreTaken_4001AreNot()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 2000));
        Assert.AreEqual(longest, (await _alice.SendAsync("@" + _bob.Username, longest)).Text);
        await _alice.SendAsync("@" + _bob.Username, " \n" + longest + "\n ");
        (await PostAsync(new { text = longest + "x" })).ShouldBe(400, "message.tooLong");
    }

    [TestMethod]
    public async Task Send_NothingToSay_Is400()
    {
        (await PostAsync(new { })).ShouldBe(400, "message.empty");
        (await PostAsync(new { text = (string?)null })).ShouldBe(400, "message.empty");
        (await PostAsync(new { text = " \n\t\u3000" })).ShouldBe(400, "message.empty");
        Assert.IsEmpty((await _alice.NewAsync("@" + _bob.Username)).Messages);
    }

    [TestMethod]
    public async Task Send_AClientIdThatIsNone_Is400()
    {
        (await PostAsync(new { text = "x", clientId = "" })).ShouldBe(400, "message.clientIdInvalid");
        (await PostAsync(new { text = "x", clientId = new string('x', 65) })).ShouldBe(400, "message.clientIdInvalid");
        (await PostAsync(new { text = "x", clientId = new string('x', 64) })).ShouldBe(201);
    }

    [TestMethod]
    public async Task Send_Again_IsOneMessage()
    {
        var first = await PostAsync(new { text = "once", clientId = "retry" });
        var again = await PostAsync(new { text = "once", clientId = "retry" });
        first.ShouldBe(201);
        again.ShouldBe(200);
        Assert.AreEqual(first.Body, again.Body);
        Assert.AreEqual(first.Response.Headers.Location!.OriginalString,
            again.Response.Content.Headers.ContentLocation!.OriginalString);
        Assert.IsNull(again.Response.Headers.Location);
        Assert.HasCount(1, (await _bob.NewAsync("@" + _alice.Username)).Messages);
        Assert.AreEqual(2, (await _alice.SendAsync("@" + _bob.Username, "next")).Seq);
    }

    [TestMethod]
    public async Task Send_ClientIdsThatDifferByABlankOrCase_AreOthers()
    {
        foreach (var clientId in new[] { "id", "id ", "ID", " id", string.Concat(Enumerable.Repeat("😀", 32)), "e\u0301", "é" })
        {
            var answer = await PostAsync(new { text = clientId, clientId });
            answer.ShouldBe(201);
            Assert.AreEqual(clientId, answer.As<MessageResponse>().ClientId);
            Assert.AreEqual(clientId, (await _alice.NewAsync("@" + _bob.Username)).Messages[^1].ClientId);
        }
    }

    [TestMethod]
    public async Task Send_AgainAtTheSameTime_IsOneMessage()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => PostAsync(new { text = "at once", clientId = "twenty" })));
        Assert.AreEqual(1, answers.Count(answer => answer.Status == 201));
        Assert.AreEqual(19, answers.Count(answer => answer.Status == 200));
        Assert.AreEqual(1, answers.Select(answer => answer.Body).Distinct().Count());
        Assert.HasCount(1, (await _bob.NewAsync("@" + _alice.Username)).Messages);
    }

    [TestMethod]
    public async Task Send_AClientIdForSomethingElse_Is409()
    {
        await PostAsync(new { text = "one", clientId = "reused" });
        (await PostAsync(new { text = "other", clientId = "reused" })).ShouldBe(409, "message.clientIdReused");
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { text = "one", clientId = "reused" }))
            .ShouldBe(409, "message.clientIdReused");
        var carol = await s_app.RegisterAsync();
        (await _alice.PostAsync($"/api/conversations/@{carol.Username}/messages", new { text = "one", clientId = "reused" }))
            .ShouldBe(409, "message.clientIdReused");
        Assert.AreEqual(0, (await carol.ConversationAsync("@" + _alice.Username)).LastSeq);
        await _bob.SendAsync("@" + _alice.Username, "one", "reused");
    }

    [TestMethod]
    public async Task Send_AgainAfterAnEdit_IsTheSameMessage()
    {
        var path = $"/api/conversations/@{_bob.Username}/messages";
        await PostAsync(new { text = "first", clientId = "edited" });
        await _alice.PatchAsync($"{path}/1", new { text = "changed" });
        var retry = await PostAsync(new { text = "first", clientId = "edited" });
        retry.ShouldBe(200);
        Assert.AreEqual("changed", retry.As<MessageResponse>().Text);
        (await PostAsync(new { text = "changed", clientId = "edited" })).ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task Send_SixteenWritersAtOnce_LeaveNoGapAndNoTwin()
    {
        const int Writers = 16;
        const int Each = 25;
        var writers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => s_app.RegisterAsync()));
        var before = await _alice.ConversationAsync("lobby");
        using var done = new CancellationTokenSource();
        var reader = FollowAsync(_bob, before.Version, done.Token);

        var sent = (await Task.WhenAll(writers.Select(async (writer, index) =>
        {
            var own = new List<MessageResponse>();
            for (var number = 0; number < Each; number++)
            {
                own.Add(await writer.SendAsync("lobby", $"{index}-{number}", $"{index}-{number}"));
            }

            return own;
        }))).SelectMany(own => own).ToList();
        await done.CancelAsync();

        var expected = Enumerable.Range(1, Writers * Each).Select(offset => before.LastSeq + offset).ToList();
        CollectionAssert.AreEqual(expected, sent.Select(message => message.Seq).Order().ToList());
        var all = (await _alice.NewAsync("lobby", before.Version)).Messages;
        CollectionAssert.AreEqual(expected, all.Select(message => message.Seq).ToList());
        CollectionAssert.AreEqual(
            sent.OrderBy(message => message.Seq).Select(message => message.Text).ToList(),
            all.Select(message => message.Text).ToList());
        Assert.IsTrue(all.Zip(all.Skip(1)).All(pair => pair.First.SentAt <= pair.Second.SentAt));
        CollectionAssert.AreEqual(expected, await reader);
    }

    [TestMethod]
    public async Task Send_ByWhoeverLeftSinceThePathWasLookedUp_IsRefusedByTheStatement()
    {
        await s_app.ExecuteAsync(
            "INSERT INTO conversations (kind, slug, title, created_at, changed_at) VALUES ('room', 'left-room', 'Left', 0, 0)");
        var place = (await s_app.Get<ConversationStore>().LocateAsync(1, "left-room", CancellationToken.None))!;
        var session = new Session("s", s_app.Get<KnownUsers>().Know(1, "x", "x"), false, default);
        var ledger = s_app.Get<MessageLedger>();
        var sent = await ledger.SendAsync(place, session.User, new MessageDraft(null, "x", null), CancellationToken.None);
        Assert.AreEqual("conversation.notMember", sent.Refusal);
        Assert.AreEqual(
            "conversation.notMember", (await ledger.EditAsync(place, session, 1, "x", CancellationToken.None)).Refusal);
        Assert.AreEqual("conversation.notMember", (await ledger.RecallAsync(place, session, 1, CancellationToken.None)).Refusal);
    }

    [TestMethod]
    public async Task Send_ToOneself_IsANoteThatOnlyOneselfSees()
    {
        await _alice.SendAsync("@" + _alice.Username, "note");
        var note = (await _alice.TotalAsync()).Conversations[0];
        Assert.AreEqual(("@" + _alice.Username, 1L, 0L), (note.Id, note.LastSeq, note.Unread));
        Assert.IsFalse((await _bob.TotalAsync()).Conversations.Any(conversation => conversation.Id == "@" + _alice.Username));
    }

    [TestMethod]
    public async Task Send_BothSidesFirstAtOnce_MakeOneConversation()
    {
        await Task.WhenAll(_alice.SendAsync("@" + _bob.Username, "hi"), _bob.SendAsync("@" + _alice.Username, "hi"));
        CollectionAssert.AreEqual(
            new[] { 1L, 2L }, (await _alice.NewAsync("@" + _bob.Username)).Messages.Select(message => message.Seq).ToArray());
    }

    private Task<Answer> PostAsync(object body) => _alice.AskAsync(
        HttpMethod.Post, $"/api/conversations/@{_bob.Username}/messages", JsonContent.Create(body, options: Answer.Json));

    /// <summary>Reads what is new as the page does, all the while; answers the numbers in the order in which they came.</summary>
    private static async Task<List<long>> FollowAsync(ApiUser reader, long version, CancellationToken done)
    {
        var seen = new List<long>();
        while (true)
        {
            var isLast = done.IsCancellationRequested;
            var page = await reader.NewAsync("lobby", version, limit: 7);
            seen.AddRange(page.Messages.Select(message => message.Seq));
            version = page.Version;
            if (isLast && !page.HasMore)
            {
                return seen;
            }
        }
    }
}
