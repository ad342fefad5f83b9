using Dapper;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Messages.Sending;

/// <summary>
/// A clientId that comes again after its message was edited, or was kept by an earlier release: a retry is answered, and what
/// is kept for that tells nobody the text that was edited away.
/// </summary>
[TestClass]
public sealed class EditedRetryTests
{
    private const string Path = "/api/conversations/lobby/messages";

    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp();
        _alice = await _app.RegisterAsync("alice");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task WhatStaysOfAnEditedText_IsEncrypted_AlsoAfterMoreEditsAndARecall()
    {
        await SendAndEditAsync("yes", "one");
        await SendAndEditAsync("yes", "two");
        await SendAndEditAsync("without a clientId", null);
        var rows = await ListDigestsAsync("SELECT client_hash, digest FROM messages ORDER BY seq");
        Assert.IsTrue(rows.TrueForAll(row => row.Hash is null));
        var plain = new MessageDraft("one", "yes", null).ClientHash!;
        Assert.AreNotEqual(rows[0].Digest, rows[1].Digest);
        Assert.DoesNotContain(plain, rows[0].Digest!);
        Assert.IsNull(rows[2].Digest);

        (await _alice.PatchAsync($"{Path}/1", new { text = "edited again" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text = "yes", clientId = "one" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text = "edited again", clientId = "one" })).ShouldBe(409, "message.clientIdReused");
        (await _alice.DeleteAsync($"{Path}/1")).ShouldBe(204);
        (await _alice.PostAsync(Path, new { text = "yes", clientId = "one" })).ShouldBe(200);
        rows = await ListDigestsAsync("SELECT client_hash, digest FROM messages WHERE seq = 1");
        Assert.AreEqual((null, null), rows.Single());
    }

    [TestMethod]
    public async Task AnEditToTheSameText_ChangesNothing_NotTheDigestEither()
    {
        await _alice.SendAsync("lobby", "same", "one");
        (await _alice.PatchAsync($"{Path}/1", new { text = "same" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text = "same", clientId = "one" })).ShouldBe(200);
    }

    [TestMethod]
    public async Task WhatAnEarlierReleaseEdited_LosesItsDigest_AndItsRetryIs409()
    {
        await _alice.SendAsync("lobby", "secret", "one");
        await _alice.SendAsync("lobby", "not edited", "two");
        await _app.ExecuteAsync("UPDATE messages SET text = 'edited', edited_at = 1 WHERE seq = 1");
        await _app.ExecuteAsync("ALTER TABLE messages DROP COLUMN digest");
        await _app.ApplyAgainAsync("0007_edited.sql");
        var rows = await ListDigestsAsync("SELECT client_hash, digest FROM messages ORDER BY seq");
        Assert.AreEqual((null, null), rows[0]);
        Assert.IsNotNull(rows[1].Hash);
        (await _alice.PostAsync(Path, new { text = "secret", clientId = "one" })).ShouldBe(409, "message.clientIdReused");
        (await _alice.PostAsync(Path, new { text = "not edited", clientId = "two" })).ShouldBe(200);
    }

    [TestMethod]
    [DataRow("a blank at the end ")]
    [DataRow("two\r\nlines")]
    [DataRow("\n\nlines before")]
    public async Task WhatAnEarlierReleaseKeptAsItCame_IsItsRetry_AlsoAfterAnEditAndARecall(string text)
    {
        await _alice.SendAsync("lobby", text, "one");
        // The earlier release made the digest of the text as it came.
        await _app.ExecuteAsync("UPDATE messages SET text = @text, client_hash = @hash",
            new { text, hash = new MessageDraft("one", text, null).ClientHash });
        (await _alice.PostAsync(Path, new { text, clientId = "one" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text = "another", clientId = "one" })).ShouldBe(409, "message.clientIdReused");
        (await _alice.PatchAsync($"{Path}/1", new { text = "edited" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text, clientId = "one" })).ShouldBe(200);
        (await _alice.DeleteAsync($"{Path}/1")).ShouldBe(204);
        (await _alice.PostAsync(Path, new { text, clientId = "one" })).ShouldBe(200);
        Assert.AreEqual(1, (await _alice.ConversationAsync("lobby")).LastSeq);
    }

    private async Task SendAndEditAsync(string text, string? clientId)
    {
        var message = await _alice.SendAsync("lobby", text, clientId);
        (await _alice.PatchAsync($"{Path}/{message.Seq}", new { text = "edited" })).ShouldBe(200);
    }

    private Task<List<(string? Hash, string? Digest)>> ListDigestsAsync(string query) => _app.Get<Database>().ReadAsync(
        async connection => (await connection.QueryAsync<(string? Hash, string? Digest)>(query)).AsList(),
        CancellationToken.None);
}
