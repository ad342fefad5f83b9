using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;
using SampleIm.Tests.Running;
using SampleIm.Tests.Storage.Plans;

namespace SampleIm.Tests.Chat.Messages.Sending;

/// <summary>
/// Messages that wait at the same time: one transaction for all of them, and what is wrong with one is its own.
/// </summary>
[TestClass]
public sealed class GroupCommitTests
{
    private const int Count = 40;

    private readonly TestDatabase _database = TestDatabase.Create();
    private readonly string _dataPath = TestMachine.MakeFolder();
    private readonly CapturedLog _log = new();
    private readonly SteppingClock _clock = new();
    private GatedDialect _dialect = null!;
    private SampleImApp _app = null!;

    [TestInitialize]
    public void Start()
    {
        _dialect = new GatedDialect(_database.MakeDialect(_dataPath));
        _app = new SampleImApp(
            new() { ["Messages:MaxWaiting"] = $"{Count}" }, _clock, _dataPath, _database, _log,
            services => services.Replace(ServiceDescriptor.Singleton(_ => new Database(_dialect))));
    }

    [TestCleanup]
    public void Stop()
    {
        _app.Dispose();
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task Sends_ThatWaitTogether_ShareATransaction()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _app.RegisterAsync()));
        var answers = await SendWhileHeldAsync(Count, index => users[index % users.Length],
            index => new { text = $"message {index}" });
        var messages = answers.ConvertAll(answer => answer.As<MessageResponse>());
        CollectionAssert.AreEqual(
            Enumerable.Range(1, Count).ToArray(), messages.Select(message => (int)message.Seq).Order().ToArray());
        // Each transaction asks the clock once: the first message had one of its own, all others share the second.
        Assert.AreEqual(2, messages.Select(message => message.SentAt).Distinct().Count());
        var seen = (await users[0].NewAsync("lobby")).Messages;
        CollectionAssert.AreEqual(messages.OrderBy(message => message.Seq).ToList(), seen.ToList());
        Assert.AreEqual(
            seen.Last(message => message.Sender.Username == users[1].Username).Seq,
            (await users[1].TotalAsync()).Conversations[0].ReadSeq);
    }

    [TestMethod]
    public async Task Send_WithAUsedClientIdAmongOthers_FailsAlone()
    {
        var alice = await _app.RegisterAsync();
        (await alice.PostAsync("/api/conversations/lobby/messages", new { clientId = "used", text = "first" })).ShouldBe(201);
        var answers = await SendWhileHeldAsync(6, _ => alice, index => index switch
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
        CollectionAssert.AreEquivalent(
            new[] { "first", "message 0", "message 1", "message 5" }, seen.Select(message => message.Text).ToArray());
    }

    [TestMethod]
    [DataRow("a used clientId")]
    [DataRow("a picture that is not there")]
    [DataRow("somebody else's picture")]
    [DataRow("a picture that was sent")]
    [DataRow("a room that was left")]
    public async Task ARefusedSend_AmongOthers_LeavesThemTogether(string culprit)
    {
        var (alice, bob) = (await _app.RegisterAsync(), await _app.RegisterAsync());
        await _app.AddRoomAsync("room", alice, bob);
        await bob.SendAsync("room", "first", "used");
        var (sent, own) = (await bob.UploadPictureAsync(), await alice.UploadPictureAsync());
        (await bob.PostAsync("/api/conversations/room/messages", new { imageId = sent.Id })).ShouldBe(201);
        await bob.TotalAsync();
        if (culprit == "a room that was left")
        {
            await _app.ExecuteAsync("DELETE FROM members WHERE user_id = 2 AND conversation_id <> 1");
        }

        (object? body, int status, string code) = culprit switch
        {
            "a used clientId" => (new { text = "another", clientId = "used" }, 409, "message.clientIdReused"),
            "a picture that is not there" => (new { imageId = "0123456789abcdef0123456789abcdef" }, 400, "image.unknown"),
            "somebody else's picture" => (new { imageId = own.Id }, 400, "image.unknown"),
            "a picture that was sent" => (new { imageId = sent.Id }, 409, "image.alreadySent"),
            _ => ((object)new { text = "still there?" }, 403, "conversation.notMember"),
        };
        await alice.TotalAsync();
        _dialect.Shut();
        var first = await SendUntilWaitingAsync(1, _ => alice, _ => new { text = "has a transaction of its own" }, _ => "room");
        var others = await SendUntilWaitingAsync(
            Count - 1, index => index == 20 ? bob : alice,
                index => index == 20 ? body : new { text = $"message {index}", clientId = $"{index}" },
            _ => "room", before: 1);
        _dialect.Open();
        (await others[20]).ShouldBe(status, code);
        others.RemoveAt(20);
        var answers = (await Task.WhenAll(first.Concat(others))).ToList();
        var messages = answers.ConvertAll(answer => answer.As<MessageResponse>());
        CollectionAssert.AreEqual(Enumerable.Range(3, Count - 1).ToArray(),
            messages.Select(message => (int)message.Seq).Order().ToArray());
        // Whatever is written together asks the clock once: the first message had a transaction of its own, all others share
        // the second.
        Assert.AreEqual(2, messages.Select(message => message.SentAt).Distinct().Count());
        Assert.IsNotEmpty(_log.Of(typeof(BatchWriter).FullName!), "It is in the log.");
    }

    [TestMethod]
    public async Task Retries_OfAllThatWait_AreAnsweredWithWhatIsThere()
    {
        var alice = await _app.RegisterAsync();
        for (var index = 0; index < 12; index++)
        {
            await alice.SendAsync("lobby", $"message {index}", $"{index}");
        }

        var answers = await SendWhileHeldAsync(12, _ => alice, index => new { text = $"message {index}", clientId = $"{index}" });
        Assert.IsTrue(answers.TrueForAll(answer => answer.Status == 200),
            string.Join('\n', answers.Select(answer => answer.Body)));
        Assert.AreEqual(12, (await alice.ConversationAsync("lobby")).LastSeq);
    }

    [TestMethod]
    public async Task FirstMessages_OfDirectConversations_AreWrittenWithTheOthers()
    {
        var alice = await _app.RegisterAsync();
        var peers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _app.RegisterAsync()));
        var answers = await SendWhileHeldAsync(
            20, _ => alice, index => new { text = $"message {index}" },
                index => index % 2 == 0 ? "lobby" : $"@{peers[index % 5].Username}");
        var messages = answers.ConvertAll(answer => answer.As<MessageResponse>());
        // The line of the lobby: its first message alone, then all others. On MySQL some of the directs stand in lines of their
        // own.
        Assert.IsLessThanOrEqualTo(2,
            messages.Where(message => message.Conversation == "lobby").Select(message => message.SentAt).Distinct().Count());
        foreach (var peer in peers)
        {
            Assert.AreEqual((2L, 2L),
                ((await peer.ConversationAsync($"@{alice.Username}")).LastSeq,
                (await peer.ConversationAsync($"@{alice.Username}")).Unread));
        }
    }

    [TestMethod]
    public async Task ARefusedFirstMessage_LeavesNoConversationBehind_AndTheOthersAreKept()
    {
        var (alice, bob, carol) = (await _app.RegisterAsync(), await _app.RegisterAsync(), await _app.RegisterAsync());
        await alice.SendAsync("lobby", "first", "used");
        var answers = await SendWhileHeldAsync(
            4, _ => alice, index => new { text = $"message {index}", clientId = index == 2 ? "used" : $"{index}" },
            index => index switch { 1 => $"@{bob.Username}", 2 => $"@{carol.Username}", _ => "lobby" });
        answers[2].ShouldBe(409, "message.clientIdReused");
        Assert.AreEqual(3, answers.Count(answer => answer.Status == 201));
        Assert.IsFalse((await carol.TotalAsync()).Conversations.Any(conversation => conversation.Kind == "direct"));
        Assert.AreEqual(1, (await bob.ConversationAsync($"@{alice.Username}")).LastSeq);
    }

    [TestMethod]
    public async Task Sends_OfTheSameMessageAtTheSameTime_KeepItOnce()
    {
        var alice = await _app.RegisterAsync();
        var answers = await SendWhileHeldAsync(8, _ => alice, _ => new { clientId = "same", text = "same" });
        Assert.AreEqual(1, answers.Count(answer => answer.Status == 201));
        Assert.AreEqual(7, answers.Count(answer => answer.Status == 200));
        Assert.AreEqual(1, answers.Select(answer => answer.As<MessageResponse>().Seq).Distinct().Count());
        Assert.AreEqual(1L, (await alice.NewAsync("lobby")).Messages.Single().Seq);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "one clientId")]
    [DataRow(true, DisplayName = "one image")]
    public async Task OfTwoThatExcludeEachOther_TheSecondIsKept_WhereTheFirstFails(bool isOfAnImage)
    {
        var alice = await _app.RegisterAsync();
        await alice.TotalAsync();
        var imageId = isOfAnImage ? (await alice.UploadPictureAsync()).Id : null;
        var clientId = isOfAnImage ? null : "both";
        await _app.ExecuteAsync(TestDatabase.IsMySql
            ? """
              CREATE TRIGGER refuse_bad BEFORE INSERT ON messages FOR EACH ROW
              IF NEW.text = 'bad' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'bad'; END IF
              """
            : """
              CREATE TRIGGER refuse_bad BEFORE INSERT ON messages WHEN NEW.text = 'bad'
              BEGIN SELECT RAISE(ABORT, 'bad'); END
              """);
        _dialect.Shut();
        var sends = new List<Task<Answer>>();
        foreach (var body in new object[]
        {
            new { text = "has a transaction of its own" }, new { text = "bad", imageId, clientId },
            new { text = "good", imageId, clientId }, new { text = "another" },
        })
        {
            sends.AddRange(await SendUntilWaitingAsync(1, _ => alice, _ => body, before: sends.Count));
        }

        _dialect.Open();
        CollectionAssert.AreEqual(new[] { 201, 500, 201, 201 },
            (await Task.WhenAll(sends)).Select(answer => answer.Status).ToArray());
        CollectionAssert.AreEquivalent(new[] { "has a transaction of its own", "good", "another" },
            (await alice.NewAsync("lobby")).Messages.Select(message => message.Text).ToArray());
    }

    [TestMethod]
    public async Task Sends_IntoManyConversationsAtOnce_EachHaveTheirOwnNumbers()
    {
        var alice = await _app.RegisterAsync();
        var peers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _app.RegisterAsync()));
        var conversations = peers.Select(peer => $"@{peer.Username}").Append("lobby").ToList();
        foreach (var conversation in conversations)
        {
            await alice.SendAsync(conversation, "first");
        }

        var answers = await SendWhileHeldAsync(
            30, _ => alice, index => new { text = $"message {index}" }, index => conversations[index % 6]);
        Assert.IsTrue(
            answers.TrueForAll(answer => answer.Status == 201), string.Join('\n', answers.Select(answer => answer.Body)));
        foreach (var conversation in conversations)
        {
            var sent = answers.Select(answer => answer.As<MessageResponse>())
                .Where(message => message.Conversation == conversation);
            CollectionAssert.AreEqual(
                new[] { 2L, 3, 4, 5, 6 }, sent.Select(message => message.Seq).Order().ToArray(), conversation);
            CollectionAssert.AreEqual(
                sent.OrderBy(message => message.Seq).ToList(), (await alice.NewAsync(conversation)).Messages.Skip(1).ToList());
        }
    }

    [TestMethod]
    public async Task Send_WhileTooManyWait_Is503AndNothingIsKept()
    {
        var alice = await _app.RegisterAsync();
        _dialect.Shut();
        var waiting = await SendUntilWaitingAsync(Count, _ => alice, index => new { text = $"message {index}" });
        var refused = await alice.PostAsync("/api/conversations/lobby/messages", new { text = "one too many" });
        refused.ShouldBe(503, "storage.unavailable");
        Assert.IsNotNull(refused.Response.Headers.RetryAfter);
        _dialect.Open();
        Assert.IsTrue((await Task.WhenAll(waiting)).All(answer => answer.Status == 201));
        Assert.AreEqual("again", (await alice.SendAsync("lobby", "again")).Text);
        Assert.DoesNotContain("one too many", (await alice.NewAsync("lobby")).Messages.Select(message => message.Text));
    }

    [TestMethod]
    public async Task Send_BehindAWriteThatHangs_Is503BeforeThatEnds_AndIsNotKept()
    {
        var alice = await _app.RegisterAsync();
        _dialect.Shut();
        var hanging = await SendUntilWaitingAsync(1, _ => alice, _ => new { text = "hangs" });
        var behind = alice.PostAsync("/api/conversations/lobby/messages", new { text = "behind it" });
        await UntilWaitingAsync(2);
        // Its wait begins a moment after it stands in line.
        while (!behind.IsCompleted)
        {
            _clock.EndWaits();
            await Task.Delay(5);
        }

        (await behind).ShouldBe(503, "storage.unavailable");
        Assert.IsFalse(hanging.Single().IsCompleted);
        _dialect.Open();
        (await hanging.Single()).ShouldBe(201);
        CollectionAssert.AreEqual(
            new[] { "hangs" }, (await alice.NewAsync("lobby")).Messages.Select(message => message.Text).ToArray());
    }

    [TestMethod]
    public async Task Send_WhoseSenderHangsUpWhileItWaits_IsNotKept()
    {
        var alice = await _app.RegisterAsync();
        _dialect.Shut();
        var first = await SendUntilWaitingAsync(1, _ => alice, _ => new { text = "first" });
        using var hangUp = new CancellationTokenSource();
        var abandoned = alice.HangUpAsync("/api/conversations/lobby/messages", new { text = "abandoned" }, hangUp.Token);
        await UntilWaitingAsync(2);
        await hangUp.CancelAsync();
        await abandoned;
        await UntilWaitingAsync(1);
        _dialect.Open();
        await Task.WhenAll(first);
        await alice.SendAsync("lobby", "last");
        CollectionAssert.AreEqual(
            new[] { "first", "last" }, (await alice.NewAsync("lobby")).Messages.Select(message => message.Text).ToArray());
    }

    /// <summary>Sends while the database is held, lets go of it, and answers what came of them.</summary>
    private async Task<List<Answer>> SendWhileHeldAsync(
        int count, Func<int, ApiUser> sender, Func<int, object> body, Func<int, string>? conversation = null)
    {
        foreach (var user in Enumerable.Range(0, count).Select(sender).Distinct())
        {
            await user.TotalAsync();
        }

        _dialect.Shut();
        var sends = await SendUntilWaitingAsync(count, sender, body, conversation);
        _dialect.Open();
        return [.. await Task.WhenAll(sends)];
    }

    private async Task<List<Task<Answer>>> SendUntilWaitingAsync(
        int count, Func<int, ApiUser> sender, Func<int, object> body, Func<int, string>? conversation = null, int before = 0)
    {
        var sends = Enumerable.Range(0, count)
            .Select(
                index =>
                    sender(index)
                        .PostAsync(
                            $"/api/conversations/{conversation?.Invoke(index) ?? "lobby"}/messages", body(index))).ToList();
        await UntilWaitingAsync(before + count);
        return sends;
    }

    private async Task UntilWaitingAsync(int count)
    {
        for (var tries = 0; _app.Get<GroupCommit>().Length != count; tries++)
        {
            Assert.IsLessThan(12_000, tries, $"{_app.Get<GroupCommit>().Length} wait, not {count}.");
            await Task.Delay(5);
        }
    }

    /// <summary>A database that lets nobody write while its gate is shut, for as long as that takes.</summary>
    private sealed class GatedDialect(Dialect inner) : PassingDialect(inner)
    {
        private TaskCompletionSource _gate = Opened();

        public void Shut() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _gate.TrySetResult();

        public override async Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
        {
            await _gate.Task;
            return await base.RunWriteAsync(work, cancellation);
        }

        private static TaskCompletionSource Opened()
        {
            var gate = new TaskCompletionSource();
            gate.SetResult();
            return gate;
        }
    }

    /// <summary>Shows another time whenever it is asked. Its timers ring when the test says so, and not before.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private readonly ConcurrentQueue<HeldTimer> _timers = new();
        private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

        public override DateTimeOffset GetUtcNow() =>
            new(Interlocked.Add(ref _ticks, TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HeldTimer(callback, state, dueTime, period);
            _timers.Enqueue(timer);
            return timer;
        }

        /// <summary>The time is over for everybody who waits for something with a limit.</summary>
        public void EndWaits()
        {
            foreach (var timer in _timers.Where(timer => timer.IsOfAWait))
            {
                timer.Ring();
            }
        }
    }

    private sealed class HeldTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        private volatile bool _isOver;

        public bool IsOfAWait => !_isOver && dueTime > TimeSpan.Zero && period == Timeout.InfiniteTimeSpan;

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_isOver;

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
