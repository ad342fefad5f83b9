using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SampleIm.Load.Faults;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

/// <summary>What a sender makes of answers, lost ones above all.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PersistentSenderTests
{
    private readonly List<JsonElement> _bodies = [];

    [TestMethod]
    public async Task Answer_201_IsAnAcknowledgement()
    {
        await using var server = await SendAsync((_, _) => StatusCodes.Status201Created);
        Assert.IsEmpty(server.Scene.Findings.ToList());
        Assert.AreEqual(1, server.Scene.Sends.AtOnce);
        Assert.AreEqual(1, server.Scene.Acknowledged.In(Place.Lobby).Single().Message.Seq);
    }

    [TestMethod]
    [DataRow(StatusCodes.Status200OK, 1, 0)]
    [DataRow(StatusCodes.Status201Created, 0, 1)]
    public async Task Answer_ThatWasLost_IsAskedForAgainWithTheSameClientId(int second, long found, long written)
    {
        await using var server = await SendAsync((number, context) =>
        {
            if (number == 0)
            {
                context.Abort();
            }

            return second;
        });
        Assert.IsEmpty(server.Scene.Findings.ToList());
        Assert.AreEqual(1, server.Scene.Sends.Unanswered);
        Assert.AreEqual(found, server.Scene.Sends.FoundByRetry);
        Assert.AreEqual(written, server.Scene.Sends.WrittenByRetry);
        Assert.AreEqual(_bodies[0].GetRawText(), _bodies[1].GetRawText());
        Assert.AreEqual(1, server.Scene.Acknowledged.Count);
    }

    [TestMethod]
    public async Task Answer_503_IsTriedAgain()
    {
        await using var server = await SendAsync(
            (number, _) => number < 2 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        Assert.IsEmpty(server.Scene.Findings.ToList());
        Assert.AreEqual(2, server.Scene.Sends.Unavailable);
        Assert.AreEqual(1, server.Scene.Sends.FoundByRetry);
    }

    [TestMethod]
    public async Task Answer_200_ToWhatWasNeverSentBefore_IsFound()
    {
        await using var server = await SendAsync((_, _) => StatusCodes.Status200OK);
        StringAssert.EndsWith(server.Scene.Findings.ToList().Single(), "was said to be there before it was sent");
    }

    [TestMethod]
    [DataRow(StatusCodes.Status401Unauthorized)]
    [DataRow(StatusCodes.Status409Conflict)]
    [DataRow(StatusCodes.Status500InternalServerError)]
    public async Task Answer_ThatRefuses_IsFound(int status)
    {
        await using var server = await SendAsync((_, _) => status);
        StringAssert.EndsWith(server.Scene.Findings.ToList().Single(), $"was refused: {status}");
        Assert.AreEqual(0, server.Scene.Acknowledged.Count);
    }

    [TestMethod]
    public async Task Answer_WithAnotherText_IsFound()
    {
        await using var server = await SendAsync((_, _) => StatusCodes.Status201Created, text: "another");
        StringAssert.EndsWith(server.Scene.Findings.ToList().Single(), "was acknowledged as 'another'");
    }

    /// <summary>Sends one message to a server that answers the request of each number, from 0 on, by that status.</summary>
    private async Task<LyingServer> SendAsync(Func<int, HttpContext, int> answer, string? text = null)
    {
        using var enough = new CancellationTokenSource();
        var server =
            await LyingServer.StartAsync(app => app.MapPost("/api/conversations/lobby/messages",
                async (HttpContext context, JsonElement body) =>
        {
            _bodies.Add(body);
            var status = answer(_bodies.Count - 1, context);
            if (status != StatusCodes.Status503ServiceUnavailable)
            {
                await enough.CancelAsync();
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new { seq = 1, text = text ?? body.GetProperty("text").GetString() });
        }));
        using var sender = new PersistentSender(server.Scene, 0);
        await sender.RunAsync(enough.Token, CancellationToken.None);
        return server;
    }
}
