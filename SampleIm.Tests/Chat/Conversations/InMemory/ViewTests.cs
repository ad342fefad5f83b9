using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;
using SampleIm.Tests.Running;
using SampleIm.Tests.Storage.Plans;

namespace SampleIm.Tests.Chat.Conversations.InMemory;

/// <summary>That no commit is lost to memory, whenever it comes: what docs/polling.md promises of the views.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class ViewTests
{
    private const long Alice = 1;
    private const long Lobby = 1;

    private readonly KnownUsers _known = new();
    private readonly ExpiringCaches _caches = new(TimeProvider.System);
    private string _folder = "";
    private InterruptedDialect _dialect = null!;
    private Database _database = null!;
    private Views _views = null!;
    private KnownUser _bob = null!;

    [TestInitialize]
    public async Task Start()
    {
        _folder = TestMachine.MakeFolder();
        _dialect = new InterruptedDialect(new SqliteDialect($"Data Source={Path.Combine(_folder, "test.db")}"));
        _database = new Database(_dialect);
        await new Schema(_database, TimeProvider.System, NullLogger<Schema>.Instance).ApplyAsync(CancellationToken.None);
        await ExecuteAsync("""
            INSERT INTO users (id, username, username_key, display_name, display_name_key,
                password_hash, security_stamp, created_at, changed_at)
            VALUES (1, 'alice', 'ALICE', 'Alice', 'ALICE', '', '', 0, 0), (2, 'bob', 'BOB', 'Bob', 'BOB', '', '', 0, 0)
            """);
        await ExecuteAsync(
            "INSERT INTO members (conversation_id, user_id, joined_at, changed_at) VALUES (1, 1, 0, 0), (1, 2, 0, 0)");
        _views = new Views(new ConversationStore(_database, TimeProvider.System), _known, _caches);
        _bob = _known.Know(2, "bob", "Bob");
    }

    [TestCleanup]
    public void Stop()
    {
        _views.Dispose();
        _caches.Dispose();
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    [DataRow(1, DisplayName = "after the first reading")]
    [DataRow(2, DisplayName = "after the second reading")]
    public async Task ACommit_DuringTheFirstLoad_IsInTheView(int reading)
    {
        _dialect.AfterReading(reading, () => SayInLobbyAsync(1));
        Assert.AreEqual((1L, "message 1"), await SeenAsync());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task ACommit_InADirectThatTheLoadHasNotSeen_IsInTheView(int reading)
    {
        _dialect.AfterReading(reading, async () =>
        {
            await ExecuteAsync(
                "INSERT INTO conversations (id, kind, direct_low, direct_high, last_seq, version, created_at, changed_at) "
                    + "VALUES (2, 'direct', 1, 2, 1, 1, 0, 0)");
            await ExecuteAsync(
                "INSERT INTO members (conversation_id, user_id, joined_at, changed_at) VALUES (2, 1, 0, 0), (2, 2, 0, 0)");
            await ExecuteAsync(
                "INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at) VALUES (2, 1, 1, 2, "
                    + "'text', 'psst', 0)");
            _views.Apply(new MessageChange(2, [1, 2], Message(1, 1, "psst")));
        });
        var (_, state) = await _views.GetAsync(Alice, CancellationToken.None);
        Assert.AreEqual("psst", state.Entries.Single(entry => entry.Id == 2).Head.State.Last!.Text);
    }

    [TestMethod]
    public async Task Reading_DuringALoad_IsInTheView()
    {
        await SayInLobbyAsync(1);
        _dialect.AfterReading(2, async () =>
        {
            await ExecuteAsync("UPDATE members SET read_seq = 1 WHERE user_id = 1");
            _views.MarkRead(Alice, Lobby, 1);
        });
        var (_, state) = await _views.GetAsync(Alice, CancellationToken.None);
        Assert.AreEqual(1, state.Entries.Single().ReadSeq);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task ARecall_DuringTheFirstLoad_IsInTheView(int reading)
    {
        await SayInLobbyAsync(1);
        await SayInLobbyAsync(2);
        _dialect.AfterReading(reading, async () =>
        {
            await ExecuteAsync("UPDATE conversations SET version = 3 WHERE id = 1");
            await ExecuteAsync("UPDATE messages SET text = NULL, recalled_at = 1, version = 3 WHERE seq = 1");
            await ExecuteAsync("INSERT INTO recalls (conversation_id, seq, recalled_at) VALUES (1, 1, 1)");
            _views.Apply(new MessageChange(Lobby, [], Message(1, 3, "") with { Kind = "recalled" }));
        });
        var (_, state) = await _views.GetAsync(Alice, CancellationToken.None);
        var entry = state.Entries.Single();
        Assert.AreEqual((2L, 1L), (entry.Head.State.LastSeq, entry.UnreadOf(entry.Head.State)));
    }

    [TestMethod]
    public async Task Rename_DuringALoad_IsInTheView()
    {
        await SayInLobbyAsync(1);
        _dialect.AfterReading(2, async () =>
        {
            await ExecuteAsync("UPDATE users SET display_name = 'Robert' WHERE id = 2");
            _known.Rename(2, "Robert");
        });
        var (_, state) = await _views.GetAsync(Alice, CancellationToken.None);
        Assert.AreEqual("Robert", state.Entries.Single().Head.State.Last!.Sender.DisplayName);
    }

    [TestMethod]
    public async Task Commits_ThatArriveInAnyOrder_EachChangeTheView()
    {
        await SeenAsync();
        var before = await VersionAsync();
        _views.Apply(new MessageChange(Lobby, [], Message(1, 3, "edited")));
        var between = await VersionAsync();
        _views.Apply(new MessageChange(Lobby, [], Message(2, 2, "message 2")));
        var after = await VersionAsync();
        Assert.AreEqual((2L, "message 2"), await SeenAsync());
        Assert.AreEqual(3, new[] { before, between, after }.Distinct().Count());
        _views.Apply(new MessageChange(Lobby, [], Message(2, 2, "message 2")));
        Assert.AreEqual(after, await VersionAsync());
    }

    private LastMessage Message(long seq, long version, string text) =>
        new(seq, version, _bob, "text", text, DateTimeOffset.UnixEpoch);

    private async Task SayInLobbyAsync(long seq)
    {
        await ExecuteAsync($"UPDATE conversations SET last_seq = {seq}, version = {seq} WHERE id = 1");
        await ExecuteAsync(
            $"INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at) VALUES (1, {seq}, {seq}, 2, "
            + $"'text', 'message {seq}', 0)");
        _views.Apply(new MessageChange(Lobby, [], Message(seq, seq, $"message {seq}")));
    }

    private async Task<(long LastSeq, string? Text)> SeenAsync()
    {
        var (_, state) = await _views.GetAsync(Alice, CancellationToken.None);
        var head = state.Entries.Single().Head.State;
        return (head.LastSeq, head.Last?.Text);
    }

    private async Task<long> VersionAsync() => (await _views.GetAsync(Alice, CancellationToken.None)).State.Version;

    private Task<int> ExecuteAsync(string statement) => _database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(statement, transaction: transaction), CancellationToken.None);

    /// <summary>SQLite, where something happens between a reading and the use of what was read.</summary>
    private sealed class InterruptedDialect(Dialect inner) : PassingDialect(inner)
    {
        private Func<Task>? _interruption;
        private int _readingsLeft;

        public void AfterReading(int number, Func<Task> interruption) => (_readingsLeft, _interruption) = (number, interruption);

        public override async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
        {
            var answer = await base.RunAsync(work, cancellation);
            if (_interruption is { } interruption && --_readingsLeft == 0)
            {
                _interruption = null;
                await interruption();
            }

            return answer;
        }
    }
}
