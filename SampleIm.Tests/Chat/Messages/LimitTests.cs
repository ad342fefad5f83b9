using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Messages;

[TestClass]
public sealed class LimitTests
{
    [TestMethod]
    public async Task Limits_AreTheSettings()
    {
        using var usual = new SampleImApp();
        var answer = await (await usual.RegisterAsync()).GetAsync("/api/limits");
        Assert.AreEqual(
            """{"messages":{"maxLength":4000},"images":{"maxBytes":10485760,"maxPixels":50000000}}""", answer.Body);

        using var app = new SampleImApp(
            new() { ["Messages:MaxLength"] = "7", ["Images:MaxBytes"] = "2048", ["Images:MaxPixels"] = "6" });
        var alice = await app.RegisterAsync();
        var limits = (await alice.GetAsync("/api/limits")).As<LimitsResponse>();
        Assert.AreEqual(new LimitsResponse(new MessageLimits(7), new ImageLimits(2048, 6)), limits);
        await alice.SendAsync("lobby", new string('x', 7));
        var tooLong = await alice.PostAsync("/api/conversations/lobby/messages", new { text = new string('x', 8) });
        tooLong.ShouldBe(400, "message.tooLong");
        (await alice.UploadAsync(Pictures.Png(3, 2))).ShouldBe(201);
        (await alice.UploadAsync(Pictures.Png(7, 1))).ShouldBe(400, "image.invalid");
        (await alice.UploadAsync([.. Pictures.Png(3, 2), .. new byte[2048]])).ShouldBe(413, "image.tooLarge");
    }
}
