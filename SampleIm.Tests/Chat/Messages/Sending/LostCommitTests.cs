using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Messages.Sending;

/// <summary>
/// A database that committed a message and went away before it said so: the sender was told that it failed, and tries again.
/// </summary>
[TestClass]
public sealed class LostCommitTests
{
    private SampleImApp _app = null!;

    [TestInitialize]
    public void Start() => _app = new SampleImApp();

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Retry_OfAMessageWhoseCommitWasNotHeardOf_IsInEverybodysNextPoll()
    {
        var alice = await _app.RegisterAsync();
        var bob = await _app.RegisterAsync();
        await alice.SendAsync("lobby", "hello", "first");
        Assert.AreEqual(1, (await bob.TotalAsync()).Conversations.Single().LastSeq);
        Assert.AreEqual(1, (await alice.TotalAsync()).Conversations.Single().ReadSeq);
        // What the transaction of a second message leaves behind, with nobody told.
        await _app.ExecuteAsync("""
            INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, sent_at, client_id, client_hash)
            SELECT conversation_id, 2, 2, sender_id, kind, text, sent_at, 'second', client_hash FROM messages
            """);
        await _app.ExecuteAsync("UPDATE conversations SET last_seq = 2, version = 2 WHERE slug = 'lobby'");
        Assert.AreEqual(1, (await bob.TotalAsync()).Conversations.Single().LastSeq);

        var retry = await alice.PostAsync("/api/conversations/lobby/messages", new { text = "hello", clientId = "second" });
        retry.ShouldBe(200);
        var seen = (await bob.TotalAsync()).Conversations.Single();
        Assert.AreEqual(2, seen.LastSeq);
        Assert.AreEqual(2, seen.Version);
        Assert.AreEqual(2, (await alice.TotalAsync()).Conversations.Single().ReadSeq, "The own message is read.");
    }
}
