using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Security;

/// <summary>What belongs to others: conversations, messages, cursors, pictures. Alice and Bob talk, Eve tries.</summary>
[TestClass]
public sealed class PrivacyTests
{
    private static SampleImApp s_app = null!;
    private ApiUser _alice = null!;
    private ApiUser _bob = null!;
    private ApiUser _eve = null!;

    private string ToBob => "@" + _bob.Username;

    private string ToAlice => "@" + _alice.Username;

    [ClassInitialize]
    public static void StartApp(TestContext _) =>
        s_app = new SampleImApp(new() { ["Admin:Users:0"] = "root", ["Presence:Capacity"] = "100" });

    [ClassCleanup]
    public static void StopApp() => s_app.Dispose();

    [TestInitialize]
    public async Task Start() =>
        (_alice, _bob, _eve) = (await s_app.RegisterAsync(), await s_app.RegisterAsync(), await s_app.RegisterAsync());

    [TestMethod]
    public async Task Direct_OfOthers_ShowsInNoListAndMovesNoTotal()
    {
        await _eve.TotalAsync();
        var before = await ConversationsOfEveAsync();
        await _alice.SendAsync(ToBob, "between us");
        await _bob.PatchAsync($"/api/conversations/{ToAlice}/messages/1", new { text = "not mine" });
        await _alice.PatchAsync($"/api/conversations/{ToBob}/messages/1", new { text = "still between us" });
        await _bob.PutAsync($"/api/conversations/{ToAlice}/read", new { seq = 1 });
        await _alice.DeleteAsync($"/api/conversations/{ToBob}/messages/1");
        Assert.AreEqual(before, await ConversationsOfEveAsync());
    }

    [TestMethod]
    public async Task Direct_OfOthers_IsNotWrittenTo_ByWhoeverNamesItsSides()
    {
        await _alice.SendAsync(ToBob, "between us");
        // To Eve these names are her own conversations, which are empty.
        foreach (var name in new[] { ToAlice, ToBob })
        {
            (await _eve.PatchAsync($"/api/conversations/{name}/messages/1", new { text = "forged" }))
                .ShouldBe(404, "message.unknown");
            (await _eve.DeleteAsync($"/api/conversations/{name}/messages/1")).ShouldBe(404, "message.unknown");
            (await _eve.PutAsync($"/api/conversations/{name}/read", new { seq = 1 })).ShouldBe(204);
        }

        await _eve.SendAsync(ToBob, "from eve");
        Assert.AreEqual("between us", string.Join(' ', (await _bob.NewAsync(ToAlice)).Messages.Select(message => message.Text)));
        Assert.AreEqual((1L, 0L, 1L), await CursorAsync(_bob, ToAlice));
    }

    [TestMethod]
    public async Task Administrator_RecallsInRoomsOnly_AndReadsNoDirect()
    {
        var root = await s_app.RegisterAsync("root");
        await _alice.SendAsync(ToBob, "between us");
        foreach (var name in new[] { ToAlice, ToBob })
        {
            (await root.GetAsync($"/api/conversations/{name}/messages/1")).ShouldBe(404, "message.unknown");
            (await root.DeleteAsync($"/api/conversations/{name}/messages/1")).ShouldBe(404, "message.unknown");
            Assert.IsEmpty((await root.NewAsync(name)).Messages);
        }

        var inLobby = await _alice.SendAsync("lobby", "for all");
        (await root.PatchAsync($"/api/conversations/lobby/messages/{inLobby.Seq}", new { text = "corrected" }))
            .ShouldBe(403, "message.notOwn");
        (await root.DeleteAsync($"/api/conversations/lobby/messages/{inLobby.Seq}")).ShouldBe(204);
    }

    [TestMethod]
    public async Task EditAndRecall_AreTheSendersAlone_AlsoForTheOtherSide()
    {
        await _alice.SendAsync(ToBob, "mine");
        (await _bob.PatchAsync($"/api/conversations/{ToAlice}/messages/1", new { text = "yours" }))
            .ShouldBe(403, "message.notOwn");
        (await _bob.DeleteAsync($"/api/conversations/{ToAlice}/messages/1")).ShouldBe(403, "message.notOwn");
        var message = (await _bob.NewAsync(ToAlice)).Messages.Single();
        Assert.AreEqual(("mine", 1L, null), (message.Text, message.Version, message.EditedAt));
    }

    [TestMethod]
    public async Task ClientId_OfAnotherSender_BringsNothingOfTheirsBack()
    {
        await _alice.SendAsync("lobby", "hers", clientId: "guessed");
        var message = await _eve.SendAsync("lobby", "mine", clientId: "guessed");
        Assert.AreEqual(("mine", _eve.Username), (message.Text, message.Sender.Username));
    }

    [TestMethod]
    public async Task Cursor_MovesByItsOwnersHandOnly()
    {
        await _alice.SendAsync(ToBob, "one");
        await _alice.SendAsync(ToBob, "two");
        await _alice.PutAsync($"/api/conversations/{ToBob}/read", new { seq = 2 });
        await _eve.PutAsync($"/api/conversations/{ToBob}/read", new { seq = 2 });
        await _eve.PutAsync($"/api/conversations/{ToAlice}/read", new { seq = 2 });
        Assert.AreEqual((2L, 0L, 2L), await CursorAsync(_bob, ToAlice));
        await _bob.PutAsync($"/api/conversations/{ToAlice}/read", new { seq = 1, username = _alice.Username, userId = 1 });
        Assert.AreEqual((2L, 1L, 1L), await CursorAsync(_bob, ToAlice));
        Assert.AreEqual((2L, 2L, 0L), await CursorAsync(_alice, ToBob));
    }

    [TestMethod]
    public async Task Picture_IsItsOwnersAloneToSend()
    {
        var image = await _alice.UploadPictureAsync();
        (await _eve.PostAsync($"/api/conversations/{ToBob}/messages", new { imageId = image.Id })).ShouldBe(400, "image.unknown");
        (await _alice.PostAsync($"/api/conversations/{ToBob}/messages", new { imageId = image.Id })).ShouldBe(201);
    }

    [TestMethod]
    public async Task Picture_OnceSent_IsForWhoeverIsSignedInAndWasToldItsId()
    {
        var image = await _alice.UploadPictureAsync();
        (await _alice.PostAsync($"/api/conversations/{ToBob}/messages", new { imageId = image.Id })).ShouldBe(201);
        (await _bob.GetAsync(image.Url)).ShouldBe(200);
        (await _eve.GetAsync(image.Url)).ShouldBe(200);
        (await s_app.Anonymous().GetAsync(image.Url)).ShouldBe(401, "account.signInRequired");
        (await _eve.PostAsync("/api/conversations/lobby/messages", new { imageId = image.Id })).ShouldBe(400, "image.unknown");

        (await _alice.DeleteAsync($"/api/conversations/{ToBob}/messages/1")).ShouldBe(204);
        foreach (var caller in new[] { _alice, _bob, _eve })
        {
            (await caller.GetAsync(image.Url)).ShouldBe(404, "media.unknown");
        }
    }

    [TestMethod]
    public async Task Picture_HasAnIdThatTellsNothingOfTheNext()
    {
        var ids = new List<string>();
        for (var count = 0; count < 20; count++)
        {
            ids.Add((await _alice.UploadPictureAsync()).Id);
        }

        // 128 bits, 22 letters of Base64: two of them have no more in common than chance gives.
        Assert.IsTrue(ids.TrueForAll(id => id.Length == 22));
        foreach (var (first, second) in ids.SelectMany((first, index) => ids.Skip(index + 1).Select(second => (first, second))))
        {
            Assert.IsLessThan(9, first.Zip(second).Count(pair => pair.First == pair.Second), $"{first} {second}");
        }

        var sent = await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = ids[0] });
        Assert.AreEqual(ids[0], sent.As<MessageResponse>().Image!.Id);
        // Another case is another id, also to a database that would rather not see the difference.
        var swapped = string.Concat(
            ids[0]
                .Select(
                    letter => char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter)));
        foreach (var other in new[] { swapped, ids[0] + "%20", ids[0] + ".", ids[0] + "=", ids[0][..21] })
        {
            (await _alice.GetAsync("/media/" + other)).ShouldBe(404, "media.unknown");
        }

        (await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = ids[1] + " " }))
            .ShouldBe(400, "image.unknown");
    }

    [TestMethod]
    public async Task Account_ShowsItsAddressToNobodyElse()
    {
        await _alice.PatchAsync("/api/account", new { email = "alice@private.example", bio = "hello" });
        await _alice.SendAsync(ToBob, "hi");
        await _alice.SendAsync("lobby", "hi");
        foreach (var path in new[]
            {
                $"/api/users/{_alice.Username}", $"/api/users?query={_alice.Username}", "/api/users?query=private.example",
                "/api/total", $"/api/conversations/{ToAlice}/messages/new", "/api/conversations/lobby/messages/history",
            })
        {
            var answer = await _bob.GetAsync(path);
            answer.ShouldBe(200);
            Assert.DoesNotContain("private.example", answer.Body, path);
        }
    }

    private async Task<string> ConversationsOfEveAsync() =>
        (await _eve.GetAsync("/api/total")).Element.GetProperty("conversations")
            .GetRawText() + (await _eve.GetAsync("/api/conversations")).Body;

    private static async Task<(long LastSeq, long ReadSeq, long Unread)> CursorAsync(ApiUser user, string id)
    {
        var conversation = await user.ConversationAsync(id);
        return (conversation.LastSeq, conversation.ReadSeq, conversation.Unread);
    }
}
