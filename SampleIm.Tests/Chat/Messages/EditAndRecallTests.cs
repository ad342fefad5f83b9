using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Messages;

[TestClass]
public sealed class EditAndRecallTests
{
    private const string Secret = "unforgettable-Vk7Qx2";

    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["Admin:Users:0"] = "boss" });
        (_alice, _bob) = (await _app.RegisterAsync("alice"), await _app.RegisterAsync("bob"));
        await _alice.SendAsync("lobby", Secret);
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Edit_OwnText_IsANewVersionOfTheSameMessage()
    {
        var answer = await _alice.PatchAsync("/api/conversations/lobby/messages/1", new { text = "better" });
        answer.ShouldBe(200);
        var message = answer.As<MessageResponse>();
        Assert.AreEqual((1L, 2L, "better"), (message.Seq, message.Version, message.Text));
        Assert.IsTrue(message.EditedAt >= message.SentAt);
        Assert.AreEqual(message, (await _bob.NewAsync("lobby", 1)).Messages.Single());
        Assert.AreEqual("better", (await _bob.TotalAsync()).Conversations[0].LastMessage!.Text);
    }

    [TestMethod]
    public async Task Edit_ToTheSameText_ChangesNothing()
    {
        var answer = await _alice.PatchAsync("/api/conversations/lobby/messages/1", new { text = Secret });
        answer.ShouldBe(200);
        Assert.IsNull(answer.As<MessageResponse>().EditedAt);
        Assert.AreEqual(1, (await _alice.ConversationAsync("lobby")).Version);
    }

    [TestMethod]
    public async Task Edit_Refused_ChangesNothing()
    {
        var picture = await _alice.UploadPictureAsync();
        await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id, text = "caption" });
        await _alice.SendAsync("lobby", "gone");
        await _alice.DeleteAsync("/api/conversations/lobby/messages/3");
        var before = await _alice.ConversationAsync("lobby");

        (await _bob.PatchAsync("/api/conversations/lobby/messages/1", new { text = "mine now" })).ShouldBe(403, "message.notOwn");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/2", new { text = "new caption" }))
            .ShouldBe(409, "message.notText");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/3", new { text = "back" })).ShouldBe(409, "message.recalled");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/4", new { text = "x" })).ShouldBe(404, "message.unknown");
        (await _alice.PatchAsync("/api/conversations/@bob/messages/1", new { text = "x" })).ShouldBe(404, "message.unknown");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/x", new { text = "x" })).ShouldBe(400, "request.invalid");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/1", new { text = " " })).ShouldBe(400, "message.empty");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/1", new { text = new string('x', 4001) }))
            .ShouldBe(400, "message.tooLong");
        (await _alice.PatchAsync("/api/conversations/lobby/messages/1", new { })).ShouldBe(400, "request.invalid");

        Assert.AreEqual(before, await _alice.ConversationAsync("lobby"));
    }

    [TestMethod]
    public async Task Edit_ByAnAdministrator_IsRefusedToo()
    {
        var boss = await _app.RegisterAsync("boss");
        (await boss.PatchAsync("/api/conversations/lobby/messages/1", new { text = "put into a mouth" }))
            .ShouldBe(403, "message.notOwn");
    }

    [TestMethod]
    public async Task Recall_TakesTheContentAwayAndLeavesThePlace()
    {
        (await _alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        var message = (await _bob.NewAsync("lobby", 1)).Messages.Single();
        Assert.AreEqual((1L, 2L, "text", null, null), (message.Seq, message.Version, message.Kind, message.Text, message.Image));
        Assert.IsNotNull(message.RecalledAt);
        (await _alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        Assert.AreEqual(
            (1L, 2L), ((await _alice.ConversationAsync("lobby")).LastSeq, (await _alice.ConversationAsync("lobby")).Version));
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Recall_TakesTheTextOutOfTheDatabaseFiles()
    {
        Assert.IsTrue(await DatabaseContainsAsync(Secret));
        (await _alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        Assert.IsFalse(await DatabaseContainsAsync(Secret));
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Recall_WhileSomebodyReadsTheFile_KeepsNobodyWaitingAndErasesLater()
    {
        var file = Path.Combine(_app.DataPath, "sampleim.db");
        await using (var reader = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await reader.OpenAsync();
            await using var reading = reader.BeginTransaction(deferred: true);
            await Dapper.SqlMapper.QueryAsync<string>(reader, "SELECT text FROM messages", transaction: reading);
            (await _alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
            await _alice.SendAsync("lobby", "goes on");
            Assert.IsTrue(await DatabaseContainsAsync(Secret));
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await DatabaseContainsAsync(Secret))
        {
            await Task.Delay(50, limit.Token);
        }
    }

    [TestMethod]
    public async Task Recall_OfAPicture_DeletesTheFile()
    {
        var picture = await _alice.UploadPictureAsync();
        await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = picture.Id });
        (await _bob.GetAsync(picture.Url)).ShouldBe(200);
        Assert.IsTrue(File.Exists(Path.Combine(_app.DataPath, "images", picture.Id)));

        (await _alice.DeleteAsync("/api/conversations/lobby/messages/2")).ShouldBe(204);

        (await _bob.GetAsync(picture.Url)).ShouldBe(404, "media.unknown");
        Assert.IsFalse(File.Exists(Path.Combine(_app.DataPath, "images", picture.Id)));
        Assert.IsNull((await _bob.HistoryAsync("lobby")).Messages[1].Image);
    }

    [TestMethod]
    public async Task Recall_OfSomebodyElses_IsTheAdministratorsAlone()
    {
        (await _bob.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(403, "message.notOwn");
        (await _bob.DeleteAsync("/api/conversations/lobby/messages/9")).ShouldBe(404, "message.unknown");
        Assert.AreEqual(Secret, (await _bob.HistoryAsync("lobby")).Messages[0].Text);
        var boss = await _app.RegisterAsync("boss");
        (await boss.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        Assert.IsNull((await _bob.HistoryAsync("lobby")).Messages[0].Text);
        Assert.AreEqual("recalled", (await _bob.TotalAsync()).Conversations[0].LastMessage!.Kind);
    }

    [TestMethod]
    public async Task Recall_OfTheOtherSidesWordsInADirectConversation_IsNotTheAdministratorsEither()
    {
        var boss = await _app.RegisterAsync("boss");
        await _bob.SendAsync("@boss", "my word");
        (await boss.DeleteAsync("/api/conversations/@bob/messages/1")).ShouldBe(403, "message.notOwn");
        Assert.AreEqual("my word", (await boss.HistoryAsync("@bob")).Messages.Single().Text);
        Assert.AreEqual(1, (await boss.ConversationAsync("@bob")).Version);
        await boss.SendAsync("@bob", "and mine");
        (await boss.DeleteAsync("/api/conversations/@bob/messages/2")).ShouldBe(204);
    }

    [TestMethod]
    public async Task EditsAndRecalls_AtTheSameTime_KeepEveryVersionOnce()
    {
        for (var number = 2; number <= 20; number++)
        {
            await _alice.SendAsync("lobby", $"{number}");
        }

        await Task.WhenAll(Enumerable.Range(1, 20).Select(seq => seq % 2 == 0
            ? _alice.PatchAsync($"/api/conversations/lobby/messages/{seq}", new { text = "edited" })
            : _alice.DeleteAsync($"/api/conversations/lobby/messages/{seq}")));
        var messages = (await _bob.NewAsync("lobby", 20)).Messages;
        CollectionAssert.AreEqual(Enumerable.Range(21, 20).ToList(), messages.Select(message => (int)message.Version).ToList());
        CollectionAssert.AreEquivalent(Enumerable.Range(1, 20).ToList(), messages.Select(message => (int)message.Seq).ToList());
    }

    private async Task<bool> DatabaseContainsAsync(string text)
    {
        var found = false;
        foreach (var file in Directory.EnumerateFiles(_app.DataPath, "sampleim.db*")
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(
                new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), System.Text.Encoding.Latin1);
            found |= (await reader.ReadToEndAsync()).Contains(text, StringComparison.Ordinal);
        }

        return found;
    }
}
