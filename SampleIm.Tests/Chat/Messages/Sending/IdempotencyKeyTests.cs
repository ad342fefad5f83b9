using System.Net.Http.Json;
using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Messages.Sending;

/// <summary>The header that other APIs have for what is a clientId here.</summary>
[TestClass]
public sealed class IdempotencyKeyTests
{
    private static SampleImApp s_app = null!;
    private ApiUser _alice = null!;

    [ClassInitialize]
    public static void StartApp(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void StopApp() => s_app.Dispose();

    [TestInitialize]
    public async Task Start() => _alice = await s_app.RegisterAsync();

    [TestMethod]
    [DataRow("one-key", "one-key")]
    [DataRow("\"one-key\"", "one-key", DisplayName = "in quotes, as its standard writes it")]
    public async Task Send_WithTheHeader_HasItsClientId(string header, string clientId)
    {
        var first = await PostAsync(new { text = "once" }, header);
        first.ShouldBe(201);
        Assert.AreEqual(clientId, first.As<MessageResponse>().ClientId);
        var again = await PostAsync(new { text = "once" }, header);
        again.ShouldBe(200);
        Assert.AreEqual(first.Body, again.Body);
        (await PostAsync(new { text = "once", clientId }, null)).ShouldBe(200);
        (await PostAsync(new { text = "other" }, header)).ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task Send_WithBoth_TakesTheSameAndRefusesOthers()
    {
        (await PostAsync(new { text = "x", clientId = "same" }, "same")).ShouldBe(201);
        var refused = await PostAsync(new { text = "x", clientId = "one" }, "another");
        refused.ShouldBe(400, "message.clientIdInvalid");
        Assert.IsTrue(refused.Element.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    [TestMethod]
    public async Task Send_WithAHeaderThatIsNoClientId_Is400()
    {
        (await PostAsync(new { text = "x" }, "\"\"")).ShouldBe(400, "message.clientIdInvalid");
        (await PostAsync(new { text = "x" }, new string('x', 65))).ShouldBe(400, "message.clientIdInvalid");
        (await PostAsync(new { text = "x" }, new string('x', 64))).ShouldBe(201);
    }

    private Task<Answer> PostAsync(object body, string? header) => _alice.AskAsync(
        HttpMethod.Post, "/api/conversations/lobby/messages", JsonContent.Create(body, options: Answer.Json), request =>
        {
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Idempotency-Key", header);
            }
        });
}
