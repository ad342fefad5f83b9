using System.Data.Common;
using System.Net;
using System.Text.Json;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Commands.Moving;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Moving;

/// <summary>The command <c>move</c>, from a SQLite database to the database of the subclass.</summary>
public abstract class MoveTests
{
    private const int ManyMessages = 2600;

    /// <summary>Far longer than it takes: the machine may be busy with other tests.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private string _folder = "";
    private MoveEnd _source = null!;
    private MoveEnd _target = null!;

    [TestInitialize]
    public void MakeEnds()
    {
        _folder = TestMachine.MakeFolder();
        _source = MoveEnd.Sqlite(Path.Combine(_folder, "sampleim.db"));
        _target = MakeTarget(_folder);
    }

    [TestCleanup]
    public void RemoveEnds()
    {
        _target?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    protected abstract MoveEnd MakeTarget(string folder);

    /// <summary>From now on each message that is inserted into the target takes a millisecond or more.</summary>
    protected abstract string SlowMessages { get; }

    /// <summary>From now on a column of one row gets another value as it is inserted into the target.</summary>
    protected abstract string Corrupt(string table, string column, string value, string where);

    [TestMethod]
    public async Task Move_ThereAndBack_KeepsEveryValue()
    {
        await FillAsync();
        var before = await _source.DumpAsync();
        foreach (var table in MovedTable.All)
        {
            Assert.IsTrue(
                before.Exists(row => row.StartsWith($"{table.Name}: ", StringComparison.Ordinal)),
                $"Nothing is in {table.Name}.");
        }

        await MovesAsync(_source, _target);
        using var back = MoveEnd.Sqlite(Path.Combine(_folder, "back.db"));
        await MovesAsync(_target, back);

        CollectionAssert.AreEqual(before, await back.DumpAsync());
        CollectionAssert.AreEqual(before, await _source.DumpAsync());
    }

    [TestMethod]
    public async Task Move_ToANewDatabase_LetsEverybodyGoOn()
    {
        var (history, directs, cookies) = await FillAsync();
        await MovesAsync(_source, _target);

        await using var app = new SampleImApp(_target.Settings, dataPath: _folder);
        var alice = await new ApiUser(app, "alice").SignInElsewhereAsync();
        var bob = await new ApiUser(app, "bob").SignInElsewhereAsync("another battery horse");
        Assert.AreEqual(history, ToJson(await alice.HistoryAsync("lobby", "?limit=100")));
        Assert.AreEqual(directs, ToJson(await bob.HistoryAsync("@alice")));
        var lobby = await bob.ConversationAsync("lobby");
        Assert.AreEqual(2, lobby.ReadSeq);
        var picture = (
            await alice.HistoryAsync("lobby", "?limit=100")).Messages.Single(message => message.Image is not null).Image!;
        Assert.AreEqual(200, (await alice.GetAsync(picture.Url)).Status);

        var again = await alice.PostAsync(
            "/api/conversations/lobby/messages", new { text = "with an id", clientId = "ключ 😀 " });
        Assert.AreEqual(200, again.Status, "The same clientId is the same message.");
        Assert.AreEqual(lobby.LastSeq + 1, (await alice.SendAsync("lobby", "here we are")).Seq);
        var dave = await app.RegisterAsync("dave");
        Assert.AreEqual(1, (await dave.SendAsync("@alice", "I am new")).Seq);

        var signedInBefore = new ApiUser(app, "alice");
        signedInBefore.Cookies.Add(app.Address, cookies);
        Assert.AreEqual(200, (await signedInBefore.GetAsync("/api/account")).Status);
    }

    [TestMethod]
    public async Task Move_IntoADatabaseWithUsers_IsRefused()
    {
        await MakeSchemaAsync(_source);
        await using (var app = new SampleImApp(_target.Settings, dataPath: _folder))
        {
            await app.RegisterAsync();
        }

        await RefusesAsync(
            "SampleIm cannot move. The target is not empty: it holds users or conversations. Choose an empty database.");
        Assert.AreEqual(1, await _target.CountAsync("users"));
        await Assert.ThrowsAsync<DbException>(() => _target.CountAsync("unfinished_move"));
        Assert.AreEqual(1, await _target.CountAsync("conversations"));
    }

    [TestMethod]
    public async Task Move_IntoItself_IsRefused()
    {
        await MakeSchemaAsync(_source);
        _target.Dispose();
        _target = MoveEnd.Sqlite(Path.Combine(_folder, "sampleim.db"));
        await RefusesAsync("SampleIm cannot move. The source and the target are the same database.");
        Assert.AreEqual(1, await _source.CountAsync("conversations"));
    }

    [TestMethod]
    public async Task Move_ThatWasKilled_GoesOnWhereItStopped()
    {
        await KillInTheMiddleAsync();
        var copied = await _target.CountAsync("messages");

        var (exitCode, output) = await ServerProcess.RunAsync(_folder, _target.Arguments);
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains("is not finished. Run the move again, to its end.", output);
        using var other = MoveEnd.Sqlite(Path.Combine(_folder, "other.db"));
        await MakeSchemaAsync(other);
        (exitCode, output) = await MoveAsync(other, _target);
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains("The target holds a part of another database", output);
        Assert.AreEqual(copied, await _target.CountAsync("messages"));

        await _target.ExecuteAsync("ALTER TABLE messages ADD COLUMN was_there BIGINT NULL");
        await _target.ExecuteAsync("UPDATE messages SET was_there = 1");
        output = await MovesAsync(_source, _target);
        Assert.Contains("Going on with a move that was interrupted.", output);
        Assert.AreEqual(ManyMessages, await _target.CountAsync("messages"));
        Assert.AreEqual(copied, await _target.CountAsync("messages WHERE was_there = 1"));
        await using (await ServerProcess.StartAsync(_folder, 0, _target.Arguments))
        {
            // The mark is gone.
        }
    }

    [TestMethod]
    public async Task Move_WhoseSourceChangedMeanwhile_SaysSoAndThenBeginsAnew()
    {
        await KillInTheMiddleAsync();
        await _source.ExecuteAsync("UPDATE messages SET text = 'edited meanwhile' WHERE seq = 1");
        await FindsDifferenceAsync("messages");
        Assert.DoesNotContain("Going on", await MovesAsync(_source, _target));
    }

    [TestMethod]
    public async Task Move_WhoseNextRowRefersToWhatIsGone_BeginsAnew()
    {
        await KillInTheMiddleAsync();
        await _source.ExecuteAsync("""
            INSERT INTO images (id, owner_id, content_type, size, width, height, created_at)
            VALUES ('!', 1, 'image/png', 1, 1, 1, 1), ('~', 1, 'image/png', 1, 1, 1, 1);
            UPDATE messages SET kind = 'image', image_id = '!' WHERE seq = (SELECT MAX(seq) FROM messages);
            """);
        await _target.ExecuteAsync(
            "INSERT INTO images (id, owner_id, content_type, size, width, height, created_at) VALUES ('x', 1, 'image/png', 1, "
                + "1, 1, 1)");

        var (exitCode, output) = await MoveAsync(_source, _target);
        Assert.AreEqual(1, exitCode, output);
        Assert.Contains("SampleIm cannot move. The target refused a row of messages: ", output);
        await MovesAsync(_source, _target);
        Assert.AreEqual(2, await _target.CountAsync("images"));
    }

    [TestMethod]
    [DataRow("messages", "text", "'message number 70'", "seq = 700", DisplayName = "a text")]
    [DataRow("messages", "client_id", "NULL", "seq = 1", DisplayName = "an id becomes null")]
    [DataRow("users", "email", "''", "id = 1", DisplayName = "null becomes empty")]
    [DataRow("members", "read_seq", "1", "user_id = 1", DisplayName = "a cursor")]
    [DataRow("conversations", "created_at", "0", "id = 1", DisplayName = "a time")]
    public async Task Move_WithACorruptedRow_FindsItAndThenBeginsAnew(string table, string column, string value, string where)
    {
        await FillWithManyAsync();
        await MakeSchemaAsync(_target);
        await _target.ExecuteAsync(Corrupt(table, column, value, where));
        await FindsDifferenceAsync(table);
        await MovesAsync(_source, _target);
    }

    private static async Task<string> MovesAsync(MoveEnd from, MoveEnd to)
    {
        var (exitCode, output) = await MoveAsync(from, to);
        Assert.AreEqual(0, exitCode, output);
        Assert.AreEqual(
            MovedTable.All.Count, output.Split('\n').Count(line => line.Contains("  same, ", StringComparison.Ordinal)), output);
        Assert.Contains("images/ and keys/", output);
        return output;
    }

    private async Task FindsDifferenceAsync(string table)
    {
        var (exitCode, output) = await MoveAsync(_source, _target);
        Assert.AreEqual(1, exitCode, output);
        var different = output.Split('\n').Where(line => line.TrimEnd().EndsWith("DIFFERS", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[0]);
        Assert.AreEqual(table, string.Join(' ', different), output);
    }

    private async Task RefusesAsync(string line)
    {
        var (exitCode, output) = await MoveAsync(_source, _target);
        Assert.AreEqual(1, exitCode, output);
        Assert.AreEqual(line, output.Trim());
    }

    private static async Task<(int ExitCode, string Output)> MoveAsync(MoveEnd from, MoveEnd to)
    {
        await using var command = BeginMove(from, to);
        return await command.WaitForEndAsync(s_patience);
    }

    private static ServerProcess BeginMove(MoveEnd from, MoveEnd to) => ServerProcess.BeginCommand(
        "move", "--from-provider", from.Provider, "--from", from.ConnectionString, "--to-provider", to.Provider, "--to",
        to.ConnectionString);

    /// <summary>Ends with some of the messages in the target, and its triggers gone.</summary>
    private async Task KillInTheMiddleAsync()
    {
        await FillWithManyAsync();
        await MakeSchemaAsync(_target);
        await _target.ExecuteAsync(SlowMessages);
        await using (var command = BeginMove(_source, _target))
        {
            using var limit = new CancellationTokenSource(s_patience);
            while (await _target.CountAsync("messages") == 0)
            {
                await Task.Delay(20, limit.Token);
            }

            await command.KillAsync();
        }

        await _target.ExecuteAsync("DROP TRIGGER slow_messages");
        Assert.IsInRange(1, ManyMessages - 1, await _target.CountAsync("messages"));
    }

    private async Task MakeSchemaAsync(MoveEnd end)
    {
        await using (await ServerProcess.StartAsync(_folder, 0, end.Arguments))
        {
            // It has made everything.
        }
    }

    /// <summary>More messages than are moved at once.</summary>
    private async Task FillWithManyAsync()
    {
        await MakeSchemaAsync(_source);
        await _source.ExecuteAsync($"""
            INSERT INTO users (id, username, username_key, display_name, display_name_key,
                password_hash, security_stamp, created_at, changed_at)
            VALUES (1, 'alice', 'alice', 'Alice', 'alice', 'x', 'x', 1, 1);
            INSERT INTO members (conversation_id, user_id, joined_at, changed_at) VALUES (1, 1, 1, 1);
            INSERT INTO conversations (id, kind, direct_low, direct_high, last_seq, version, created_at, changed_at)
            VALUES (7, 'direct', 1, 1, 1, 1, 1, 1);
            WITH RECURSIVE numbers (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM numbers WHERE seq < {ManyMessages} - 1)
            INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at, client_id)
            SELECT 1, seq, seq, 1, 'text', 'message number ' || seq, seq, 'id' || seq FROM numbers
            UNION ALL SELECT 7, 1, 1, 1, 'text', 'to myself', 1, NULL;
            UPDATE conversations SET last_seq = {ManyMessages} - 1, version = {ManyMessages} - 1 WHERE id = 1;
            """);
    }

    private static string ToJson(HistoryResponse history) => JsonSerializer.Serialize(history, Answer.Json);

    /// <summary>Everything that people do: every table has rows, every column that may be null has a null and a value.</summary>
    private async Task<(string History, string Directs, CookieCollection Cookies)> FillAsync()
    {
        await using var app = new SampleImApp(_source.Settings, dataPath: _folder);
        var alice = await app.RegisterAsync("alice", "Älice 😀 ﬁ");
        var bob = await app.RegisterAsync("bob", "e\u0301 is not é");
        await app.RegisterAsync("王小明", "İß");
        Assert.AreEqual(
            200,
            (await alice.PatchAsync("/api/account", new { email = "alice@example.org", bio = "line\nline ' \\ \" %_" })).Status);
        Assert.AreEqual(
            204,
            (
                await bob.PostAsync(
                    "/api/account/password",
                    new { currentPassword = ApiUser.FirstPassword, newPassword = "another battery horse" })).Status);
        Assert.AreEqual(
            401,
            (
                await app.Anonymous()
                    .PostAsync("/api/account/login", new { username = "王小明", password = "wrong password" })).Status);
        await app.ExecuteAsync("UPDATE users SET locked_until = 1 WHERE username = '王小明'");

        await alice.SendAsync("lobby", "plain");
        await alice.SendAsync("lobby", "with an id", "ключ 😀 ");
        Assert.AreEqual(204, (await bob.PutAsync("/api/conversations/lobby/read", new { seq = 2 })).Status);
        await alice.SendAsync("lobby", $"{new string('语', 3998)}😀");
        await alice.SendAsync("lobby", "first", "edited");
        Assert.AreEqual(
            200,
            (
                await alice.PatchAsync(
                    "/api/conversations/lobby/messages/4", new { text = "'second' \\ \u200d👩‍👩‍👧 שלום" })).Status);
        await alice.SendAsync("lobby", "gone", "recalled");
        Assert.AreEqual(204, (await alice.DeleteAsync("/api/conversations/lobby/messages/5")).Status);
        var sent = await alice.UploadPictureAsync();
        Assert.AreEqual(
            201,
            (await alice.PostAsync("/api/conversations/lobby/messages", new { imageId = sent.Id, clientId = "picture" })).Status);
        await alice.UploadPictureAsync();
        await alice.SendAsync("@bob", "between us");
        await bob.SendAsync("@alice", "yes");
        await bob.SendAsync("@bob", "a note");
        return (
            ToJson(await alice.HistoryAsync("lobby", "?limit=100")), ToJson(await bob.HistoryAsync("@alice")),
            alice.Cookies.GetCookies(app.Address));
    }
}
