using Dapper;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Messages.Sending;

/// <summary>
/// A clientId that comes again after its message was recalled: a retry is answered, and a new text is never lost without a
/// word.
/// </summary>
[TestClass]
public sealed class RecalledRetryTests
{
    private const string Path = "/api/conversations/lobby/messages";
    private const string Secret = "unforgettable-Vk7Qx2";

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
    public async Task TheSameContent_IsAnsweredWithWhatIsLeftOfTheMessage()
    {
        await SendAndRecallAsync(Secret, "one");
        var retry = await _alice.PostAsync(Path, new { text = Secret, clientId = "one" });
        retry.ShouldBe(200);
        var message = retry.As<MessageResponse>();
        Assert.AreEqual((1L, 2L, null), (message.Seq, message.Version, message.Text));
        Assert.IsNotNull(message.RecalledAt);
        Assert.AreEqual($"{Path}/1", retry.Response.Content.Headers.ContentLocation!.OriginalString);
        Assert.AreEqual(1, (await _alice.ConversationAsync("lobby")).LastSeq);
    }

    [TestMethod]
    public async Task AnotherText_Is409AndNotLostWithoutAWord()
    {
        await SendAndRecallAsync(Secret, "one");
        (await _alice.PostAsync(Path, new { text = "new", clientId = "one" })).ShouldBe(409, "message.clientIdReused");
        (await _alice.PostAsync($"/api/conversations/@{_alice.Username}/messages", new { text = Secret, clientId = "one" }))
            .ShouldBe(409, "message.clientIdReused");
        Assert.AreEqual("new", (await _alice.SendAsync("lobby", "new", "two")).Text);
    }

    [TestMethod]
    public async Task AfterAnEdit_TheContentThatWasSentCounts()
    {
        await _alice.SendAsync("lobby", Secret, "one");
        (await _alice.PatchAsync($"{Path}/1", new { text = "edited" })).ShouldBe(200);
        (await _alice.DeleteAsync($"{Path}/1")).ShouldBe(204);
        (await _alice.PostAsync(Path, new { text = Secret, clientId = "one" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text = "edited", clientId = "one" })).ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task OfAPicture_TheSamePictureAndCaptionCount()
    {
        var (picture, other) = (await _alice.UploadPictureAsync(), await _alice.UploadPictureAsync());
        (await _alice.PostAsync(Path, new { imageId = picture.Id, text = "caption", clientId = "one" })).ShouldBe(201);
        (await _alice.DeleteAsync($"{Path}/1")).ShouldBe(204);
        (await _alice.PostAsync(Path, new { imageId = picture.Id, text = "caption", clientId = "one" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { imageId = picture.Id, text = "another", clientId = "one" }))
            .ShouldBe(409, "message.clientIdReused");
        (await _alice.PostAsync(Path, new { imageId = other.Id, text = "caption", clientId = "one" }))
            .ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task OfAMessageThatAnEarlierReleaseRecalled_NothingIsKnownAnyMore_SoItIs409()
    {
        await SendAndRecallAsync(Secret, "one");
        await _app.ExecuteAsync("UPDATE recalls SET digest = NULL");
        (await _alice.PostAsync(Path, new { text = Secret, clientId = "one" })).ShouldBe(409, "message.clientIdReused");
        (await _alice.PostAsync(Path, new { text = "new", clientId = "one" })).ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task OfAMessageWhoseKeysAreLost_NothingIsKnownAnyMore_SoItIs409()
    {
        await SendAndRecallAsync(Secret, "one");
        await _app.ExecuteAsync("UPDATE recalls SET digest = 'made with another key'");
        (await _alice.PostAsync(Path, new { text = Secret, clientId = "one" })).ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task WhatStays_TellsNobodyWhoHasTheDatabase_NotEvenThatTwoTextsWereTheSame()
    {
        await SendAndRecallAsync("yes", "one");
        await SendAndRecallAsync("yes", "two");
        await SendAndRecallAsync("without a clientId", null);
        var digests = await _app.Get<Database>().ReadAsync(
            async connection => (await connection.QueryAsync<string?>("SELECT digest FROM recalls ORDER BY seq")).AsList(),
                CancellationToken.None);
        var plain = new MessageDraft("one", "yes", null).ClientHash!;
        Assert.HasCount(3, digests);
        Assert.AreNotEqual(digests[0], digests[1]);
        Assert.DoesNotContain(plain, digests[0]!);
        Assert.IsNull(digests[2]);
        var left = await _app.Get<Database>().ReadAsync(
            async connection => (
                await connection.QueryAsync<string?>("SELECT client_hash FROM messages WHERE client_hash IS NOT NULL"))
                .AsList(), CancellationToken.None);
        Assert.IsEmpty(left);
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task TheDigestAsItWas_IsGoneFromTheDatabaseFiles()
    {
        var plain = new MessageDraft("one", Secret, null).ClientHash!;
        await _alice.SendAsync("lobby", Secret, "one");
        Assert.IsTrue(DatabaseContains(plain));
        (await _alice.DeleteAsync($"{Path}/1")).ShouldBe(204);
        Assert.IsFalse(DatabaseContains(plain));
    }

    private async Task SendAndRecallAsync(string text, string? clientId)
    {
        var message = await _alice.SendAsync("lobby", text, clientId);
        (await _alice.DeleteAsync($"{Path}/{message.Seq}")).ShouldBe(204);
    }

    private bool DatabaseContains(string text) => Directory.EnumerateFiles(_app.DataPath, "sampleim.db*")
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Any(file =>
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite),
                System.Text.Encoding.Latin1);
            return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
        });
}
