using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Messages;

[TestClass]
public sealed class ReadTests
{
    private static SampleImApp s_app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;
    private string _direct = "";

    [ClassInitialize]
    public static void StartApp(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void StopApp() => s_app.Dispose();

    [TestInitialize]
    public async Task Start()
    {
        (_alice, _bob) = (await s_app.RegisterAsync(), await s_app.RegisterAsync());
        _direct = "@" + _bob.Username;
    }

    [TestMethod]
    public async Task New_BringsNewEditedAndRecalledMessagesInTheOrderOfTheirVersions()
    {
        await FillAsync(4);
        await _alice.PatchAsync($"/api/conversations/{_direct}/messages/2", new { text = "two, better" });
        await _alice.DeleteAsync($"/api/conversations/{_direct}/messages/1");

        var all = await _bob.NewAsync("@" + _alice.Username);
        Assert.AreEqual("3:3 4:4 2:5 1:6", string.Join(' ', all.Messages.Select(message => $"{message.Seq}:{message.Version}")));
        Assert.AreEqual((6L, false), (all.Version, all.HasMore));
        var changes = await _bob.NewAsync("@" + _alice.Username, after: 4);
        Assert.AreEqual("two, better", changes.Messages[0].Text);
        Assert.IsNotNull(changes.Messages[0].EditedAt);
        Assert.IsNull(changes.Messages[1].Text);
        Assert.IsNotNull(changes.Messages[1].RecalledAt);
    }

    [TestMethod]
    public async Task New_InPages_BringsEachMessageOnce()
    {
        await FillAsync(10);
        var (seen, cursor, hasMore) = (new List<long>(), 0L, true);
        while (hasMore)
        {
            var page = await _alice.NewAsync(_direct, cursor, limit: 3);
            Assert.IsLessThanOrEqualTo(3, page.Messages.Count);
            seen.AddRange(page.Messages.Select(message => message.Seq));
            (cursor, hasMore) = (page.Version, page.HasMore);
        }

        CollectionAssert.AreEqual(Enumerable.Range(1, 10).Select(seq => (long)seq).ToList(), seen);
        Assert.AreEqual(10, cursor);
        var exact = await _alice.NewAsync(_direct, after: 5, limit: 5);
        Assert.IsFalse(exact.HasMore);
    }

    [TestMethod]
    public async Task New_NothingNew_KeepsTheCursor()
    {
        await FillAsync(2);
        var page = await _alice.NewAsync(_direct, after: 2);
        Assert.AreEqual((0, 2L, false), (page.Messages.Count, page.Version, page.HasMore));
    }

    [TestMethod]
    public async Task New_ACursorFromALostFuture_IsToldSo()
    {
        await FillAsync(2);
        Assert.AreEqual(2, (await _alice.NewAsync(_direct, after: 99)).Version);
    }

    [TestMethod]
    public async Task History_BringsPagesOldestFirst()
    {
        await FillAsync(25);
        var latest = await _alice.HistoryAsync(_direct);
        CollectionAssert.AreEqual(Numbers(16, 10), latest.Messages.Select(message => message.Seq).ToList());
        Assert.IsTrue(latest.HasMore);
        var middle = await _alice.HistoryAsync(_direct, "?before=16&limit=15");
        CollectionAssert.AreEqual(Numbers(1, 15), middle.Messages.Select(message => message.Seq).ToList());
        Assert.IsFalse(middle.HasMore);
        Assert.IsEmpty((await _alice.HistoryAsync(_direct, "?before=1")).Messages);
    }

    [TestMethod]
    public async Task History_ShowsEditsAndRecallsInTheirPlaces()
    {
        await FillAsync(3);
        await _alice.PatchAsync($"/api/conversations/{_direct}/messages/3", new { text = "third" });
        await _alice.DeleteAsync($"/api/conversations/{_direct}/messages/2");
        var page = (await _bob.HistoryAsync("@" + _alice.Username)).Messages;
        Assert.AreEqual("Number 1||third", string.Join('|', page.Select(message => message.Text)));
    }

    [TestMethod]
    public async Task Reading_ADirectBeforeItsFirstMessage_IsEmpty()
    {
        var page = await _alice.NewAsync(_direct);
        Assert.AreEqual((0, 0L, false), (page.Messages.Count, page.Version, page.HasMore));
        Assert.IsEmpty((await _alice.HistoryAsync(_direct)).Messages);
        var place = await _alice.ConversationAsync(_direct);
        Assert.AreEqual(
            (_direct, "direct", 0L, 0L, 0L, null),
            (place.Id, place.Kind, place.LastSeq, place.Version, place.Unread, place.LastMessage));
        Assert.HasCount(1, (await _alice.TotalAsync()).Conversations);
    }

    [TestMethod]
    [DataRow("new?limit=0", "limit")]
    [DataRow("new?limit=501", "limit")]
    [DataRow("new?after=-1", "after")]
    [DataRow("new?after=x", "after")]
    [DataRow("new?after=99999999999999999999", "after")]
    [DataRow("history?limit=0", "limit")]
    [DataRow("history?limit=101", "limit")]
    [DataRow("history?before=0", "before")]
    [DataRow("history?before=x", "before")]
    public async Task Reading_OutOfRange_Is400(string query, string field)
    {
        var answer = await _alice.GetAsync($"/api/conversations/lobby/messages/{query}");
        answer.ShouldBe(400, "request.invalid");
        Assert.IsTrue(answer.Element.GetProperty("errors").TryGetProperty(field, out _), answer.Body);
    }

    [TestMethod]
    public async Task MarkRead_MovesForwardOnlyAndNotBeyondTheEnd()
    {
        await FillAsync(3);
        var place = "@" + _alice.Username;
        await MarkAsync(2, expected: 2, unread: 1);
        await MarkAsync(1, expected: 2, unread: 1);
        await MarkAsync(99, expected: 3, unread: 0);
        await _alice.SendAsync(_direct, "Number 4");
        Assert.AreEqual(1, (await _bob.TotalAsync()).Conversations[0].Unread);

        async Task MarkAsync(long seq, long expected, long unread)
        {
            (await _bob.PutAsync($"/api/conversations/{place}/read", new { seq })).ShouldBe(204);
            var inTotal = (await _bob.TotalAsync()).Conversations[0];
            Assert.AreEqual((expected, unread), (inTotal.ReadSeq, inTotal.Unread));
            Assert.AreEqual(inTotal, await _bob.ConversationAsync(place));
        }
    }

    [TestMethod]
    public async Task MarkRead_WhatIsNoNumber_Is400()
    {
        (await _alice.PutAsync("/api/conversations/lobby/read", new { })).ShouldBe(400, "request.invalid");
        (await _alice.PutAsync("/api/conversations/lobby/read", new { seq = -1 })).ShouldBe(400, "request.invalid");
        (await _alice.PutAsync("/api/conversations/lobby/read", new { seq = "1" })).ShouldBe(400, "request.invalid");
        (await _alice.PutAsync($"/api/conversations/{_direct}/read", new { seq = 1 })).ShouldBe(204);
    }

    private static List<long> Numbers(int from, int count) => Enumerable.Range(from, count).Select(seq => (long)seq).ToList();

    private async Task FillAsync(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            await _alice.SendAsync(_direct, $"Number {number}");
        }
    }
}
