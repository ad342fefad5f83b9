using Dapper;
using SampleIm.Api.Messages;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Messages;

/// <summary>Messages that wait at the same time: one transaction for all of them, and what is wrong with one is its own.</summary>
[TestClass]
public sealed class GroupCommitTests
{
    private const int Count = 40;

    [TestMethod]
    public async Task Sends_ThatWaitTogether_ShareATransaction()
    {
        using var app = new SampleImApp(clock: new TickingClock());
        var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.RegisterAsync()));
        var answers = await SendWhileHeldAsync(app, Count, index => users[index % users.Length], index => new { text = $"message {index}" });
        var messages = answers.ConvertAll(answer => answer.As<MessageResponse>());
        CollectionAssert.AreEqual(Enumerable.Range(1, Count).ToArray(), messages.Select(message => (int)message.Seq).Order().ToArray());
        // Each transaction asks the clock once: the first message had one of its own, all others share the second.
        Assert.AreEqual(2, messages.Select(message => message.SentAt).Distinct().Count());
        var seen = (await users[0].NewAsync("lobby")).Messages;
        CollectionAssert.AreEqual(messages.OrderBy(message => message.Seq).ToList(), seen.ToList());
        Assert.AreEqual(seen.Last(message => message.Sender.Username == users[1].Username).Seq, (await users[1].TotalAsync()).Conversations[0].ReadSeq);
    }

    [TestMethod]
    public async Task Send_WithAUsedClientIdAmongOthers_FailsAlone()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        (await alice.PostAsync("/api/conversations/lobby/messages", new { clientId = "used", text = "first" })).ShouldBe(201);
        var answers = await SendWhileHeldAsync(app, 6, _ => alice, index => index switch
        {
            2 => new { clientId = "used", text = "another", imageId = (string?)null },
            3 => new { clientId = "used", text = "first", imageId = (string?)null },
            4 => new { clientId = "no such picture", text = "", imageId = (string?)"0123456789abcdef0123456789abcdef" },
            _ => new { clientId = $"new {index}", text = $"message {index}", imageId = (string?)null },
        });
        answers[2].ShouldBe(409, "message.clientIdReused");
        answers[3].ShouldBe(200);
        answers[4].ShouldBe(400, "image.unknown");
        foreach (var index in new[] { 0, 1, 5 })
        {
            answers[index].ShouldBe(201);
        }

        var seen = (await alice.NewAsync("lobby")).Messages;
        CollectionAssert.AreEqual(new[] { 1L, 2, 3, 4 }, seen.Select(message => message.Seq).ToArray());
        CollectionAssert.AreEquivalent(new[] { "first", "message 0", "message 1", "message 5" }, seen.Select(message => message.Text).ToArray());
    }

    [TestMethod]
    public async Task Sends_OfTheSameMessageAtTheSameTime_KeepItOnce()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        var answers = await SendWhileHeldAsync(app, 8, _ => alice, _ => new { clientId = "same", text = "same" });
        Assert.AreEqual(1, answers.Count(answer => answer.Status == 201));
        Assert.AreEqual(7, answers.Count(answer => answer.Status == 200));
        Assert.AreEqual(1, answers.Select(answer => answer.As<MessageResponse>().Seq).Distinct().Count());
        Assert.AreEqual(1L, (await alice.NewAsync("lobby")).Messages.Single().Seq);
    }

    [TestMethod]
    public async Task Sends_IntoManyConversationsAtOnce_EachHaveTheirOwnNumbers()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        var peers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.RegisterAsync()));
        var conversations = peers.Select(peer => $"@{peer.Username}").Append("lobby").ToList();
        foreach (var conversation in conversations)
        {
            await alice.SendAsync(conversation, "first");
        }

        var answers = await SendWhileHeldAsync(
            app, 30, _ => alice, index => new { text = $"message {index}" }, index => conversations[index % 6]);
        Assert.IsTrue(answers.TrueForAll(answer => answer.Status == 201), string.Join('\n', answers.Select(answer => answer.Body)));
        foreach (var conversation in conversations)
        {
            var sent = answers.Select(answer => answer.As<MessageResponse>()).Where(message => message.Conversation == conversation);
            CollectionAssert.AreEqual(new[] { 2L, 3, 4, 5, 6 }, sent.Select(message => message.Seq).Order().ToArray(), conversation);
            CollectionAssert.AreEqual(sent.OrderBy(message => message.Seq).ToList(), (await alice.NewAsync(conversation)).Messages.Skip(1).ToList());
        }
    }

    [TestMethod]
    public async Task Send_WhileTooManyWait_Is503AndNothingIsKept()
    {
        using var app = new SampleImApp(new() { ["Messages:MaxWaiting"] = "3" });
        var alice = await app.RegisterAsync();
        var held = await HoldAsync(app);
        var waiting = await SendUntilWaitingAsync(app, 3, _ => alice, index => new { text = $"message {index}" });
        var refused = await alice.PostAsync("/api/conversations/lobby/messages", new { text = "one too many" });
        refused.ShouldBe(503, "storage.unavailable");
        Assert.IsNotNull(refused.Response.Headers.RetryAfter);
        await held.ReleaseAsync();
        Assert.IsTrue((await Task.WhenAll(waiting)).All(answer => answer.Status == 201));
        Assert.AreEqual("again", (await alice.SendAsync("lobby", "again")).Text);
        Assert.DoesNotContain("one too many", (await alice.NewAsync("lobby")).Messages.Select(message => message.Text));
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Send_BehindAWriteThatHangs_Is503BeforeThatEnds_AndIsNotKept()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        var held = await HoldAsync(app);
        var hanging = await SendUntilWaitingAsync(app, 1, _ => alice, _ => new { text = "hangs" });
        (await alice.PostAsync("/api/conversations/lobby/messages", new { text = "behind it" })).ShouldBe(503, "storage.unavailable");
        await held.ReleaseAsync();
        (await hanging.Single()).ShouldBe(201);
        CollectionAssert.AreEqual(new[] { "hangs" }, (await alice.NewAsync("lobby")).Messages.Select(message => message.Text).ToArray());
    }

    [TestMethod]
    public async Task Send_WhoseSenderHangsUpWhileItWaits_IsNotKept()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        var held = await HoldAsync(app);
        var first = await SendUntilWaitingAsync(app, 1, _ => alice, _ => new { text = "first" });
        using var hangUp = new CancellationTokenSource();
        var abandoned = alice.HangUpAsync("/api/conversations/lobby/messages", new { text = "abandoned" }, hangUp.Token);
        await UntilWaitingAsync(app, 2);
        await hangUp.CancelAsync();
        await abandoned;
        await UntilWaitingAsync(app, 1);
        await held.ReleaseAsync();
        await Task.WhenAll(first);
        await alice.SendAsync("lobby", "last");
        CollectionAssert.AreEqual(new[] { "first", "last" }, (await alice.NewAsync("lobby")).Messages.Select(message => message.Text).ToArray());
    }

    /// <summary>Sends while the database is held, lets go of it, and answers what came of them.</summary>
    private static async Task<List<Answer>> SendWhileHeldAsync(
        SampleImApp app, int count, Func<int, ApiUser> sender, Func<int, object> body, Func<int, string>? conversation = null)
    {
        foreach (var user in Enumerable.Range(0, count).Select(sender).Distinct())
        {
            await user.TotalAsync();
        }

        var held = await HoldAsync(app);
        var sends = await SendUntilWaitingAsync(app, count, sender, body, conversation);
        await held.ReleaseAsync();
        return [.. await Task.WhenAll(sends)];
    }

    private static async Task<List<Task<Answer>>> SendUntilWaitingAsync(
        SampleImApp app, int count, Func<int, ApiUser> sender, Func<int, object> body, Func<int, string>? conversation = null)
    {
        var sends = Enumerable.Range(0, count)
            .Select(index => sender(index).PostAsync($"/api/conversations/{conversation?.Invoke(index) ?? "lobby"}/messages", body(index))).ToList();
        await UntilWaitingAsync(app, count);
        return sends;
    }

    private static async Task UntilWaitingAsync(SampleImApp app, int count)
    {
        for (var tries = 0; app.Get<GroupCommit>().Length != count; tries++)
        {
            Assert.IsLessThan(2000, tries, $"{app.Get<GroupCommit>().Length} wait, not {count}.");
            await Task.Delay(5);
        }
    }

    /// <summary>Holds the rows of all conversations, as a transaction of another program would.</summary>
    private static async Task<Held> HoldAsync(SampleImApp app)
    {
        var (begun, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holding = app.Get<Database>().WriteAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync("UPDATE conversations SET title = title", transaction: transaction);
            begun.SetResult();
            await released.Task;
            return 0;
        }, CancellationToken.None);
        await Task.WhenAny(begun.Task, holding);
        return new Held(holding, released);
    }

    private sealed record Held(Task Holding, TaskCompletionSource Released)
    {
        public Task ReleaseAsync()
        {
            Released.SetResult();
            return Holding;
        }
    }

    /// <summary>Shows another time whenever it is asked.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref _ticks, TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }
}
