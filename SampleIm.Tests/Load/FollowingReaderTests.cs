using Microsoft.AspNetCore.Http;
using SampleIm.Load.Faults;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

/// <summary>A server that does not keep its promises to readers, each time another one.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class FollowingReaderTests
{
    private LyingServer _server = null!;

    [TestCleanup]
    public async Task Stop() => await _server.DisposeAsync();

    [TestMethod]
    public async Task Reader_OfAServerThatIsAsPromised_FindsNothing()
    {
        _server = await LyingServer.OfReadersAsync((_, _) => LyingServer.Lobby(2), After);
        Assert.IsEmpty(await FollowAsync(2));
    }

    [TestMethod]
    public async Task Poll_ThatSaysUnchangedThoughSomethingWasAcknowledged_IsFound()
    {
        _server = await LyingServer.OfReadersAsync((number, response) =>
        {
            if (number is 0 or > 3)
            {
                return LyingServer.Lobby(number == 0 ? 0 : 2);
            }

            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }, After);
        CollectionAssert.Contains(
            await FollowAsync(2), "reader 0: lobby: a poll (304) told of 0, and 2 had been acknowledged before it");
    }

    [TestMethod]
    public async Task Poll_ThatGoesBack_IsFound()
    {
        _server = await LyingServer.OfReadersAsync((number, _) => LyingServer.Lobby(number == 0 ? 3 : 2), After);
        CollectionAssert.Contains(await FollowAsync(2), "reader 0: lobby: a poll went back from 3 to 2");
    }

    [TestMethod]
    public async Task Poll_ThatForgetsAConversation_IsFound()
    {
        _server = await LyingServer.OfReadersAsync(
            (number, _) => number == 1 ? new { conversations = Array.Empty<object>() } : LyingServer.Lobby(number == 0 ? 1 : 2),
            After);
        CollectionAssert.Contains(await FollowAsync(2), "reader 0: lobby: is missing in a poll, and was there before");
    }

    [TestMethod]
    public async Task Poll_ThatRefusesTheCookie_IsFound()
    {
        _server = await LyingServer.OfReadersAsync((number, response) =>
        {
            response.StatusCode = number == 0 ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
            return number == 0 ? null : LyingServer.Lobby(2);
        }, After);
        CollectionAssert.Contains(await FollowAsync(2), "reader 0: was refused a poll: 401");
    }

    [TestMethod]
    public async Task Page_ThatLeavesOneOut_IsFound()
    {
        _server = await LyingServer.OfReadersAsync(
            (_, _) => LyingServer.Lobby(2), _ => LyingServer.Page([_server.Message(2)], 2));
        CollectionAssert.Contains(await FollowAsync(2), "reader 0: lobby: 2 came with version 2 after version 0");
    }

    [TestMethod]
    public async Task Page_ThatBringsLessThanThePollTold_IsFound()
    {
        _server = await LyingServer.OfReadersAsync(
            (_, _) => LyingServer.Lobby(2), after => LyingServer.Page(after == 0 ? [_server.Message(1)] : [], 1));
        CollectionAssert.Contains(await FollowAsync(1), "reader 0: lobby: a poll told of version 2, and reading brought 1");
    }

    [TestMethod]
    public async Task Page_WhoseVersionIsNotThatOfItsLastMessage_IsFound()
    {
        _server = await LyingServer.OfReadersAsync(
            (_, _) => LyingServer.Lobby(2), _ => LyingServer.Page([_server.Message(1), _server.Message(2)], 3));
        CollectionAssert.Contains(await FollowAsync(2), "reader 0: lobby: a page ended with version 2 and said 3");
    }

    [TestMethod]
    public async Task Page_ThatIsEmptyAndSaysThereIsMore_IsFound()
    {
        var pages = 0;
        _server = await LyingServer.OfReadersAsync(
            (_, _) => LyingServer.Lobby(2), after => pages++ == 0 ? LyingServer.Page([], 0, hasMore: true) : After(after));
        CollectionAssert.Contains(await FollowAsync(2), "reader 0: lobby: an empty page after 0 said that there was more");
    }

    [TestMethod]
    public async Task Message_ThatNobodySent_IsFound()
    {
        _server = await LyingServer.OfReadersAsync(
            (_, _) => LyingServer.Lobby(1), _ => LyingServer.Page([new { seq = 1, version = 1, text = "who was that?" }], 1));
        CollectionAssert.Contains(await FollowAsync(1), "reader 0: lobby: 1 is 'who was that?', which nobody sent");
    }

    /// <summary>What an honest server answers.</summary>
    private object After(long version) =>
        LyingServer.Page([.. Enumerable.Range(1, 2).Where(seq => seq > version).Select(seq => _server.Message(seq))], 2);

    /// <summary>Follows until everything up to that number is read; answers what was found.</summary>
    private async Task<string[]> FollowAsync(int last)
    {
        for (var seq = 1; seq <= last; seq++)
        {
            _server.Acknowledge(seq);
        }

        using var reader = new FollowingReader(_server.Scene, 0);
        // It has to have asked as often as the faults are old.
        var senders = Task.Run(() => SpinWait.SpinUntil(() => _server.Scene.Reads.Polls >= 6, TimeSpan.FromSeconds(30)));
        await reader.RunAsync(senders, CancellationToken.None);
        return [.. _server.Scene.Findings.ToList()];
    }
}
