using System.Text;
using FsCheck.Fluent;
using SampleIm.Api.Messages;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

[TestClass]
public sealed class TextProperties
{
    private static readonly int s_count = TestDatabase.IsMySql ? 100 : 400;

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static ApiUser s_bob = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        (s_alice, s_bob) = (await s_app.RegisterAsync("alice"), await s_app.RegisterAsync("bob"));
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public void Text_IsReadAsItWasSent_OrRefusedByRule() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, text => ReturnsAsync(text).GetAwaiter().GetResult()), s_count);

    [TestMethod]
    public void ClientId_IsReadAsItWasSent_OrRefusedByRule() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, text => IdentifiesAsync(text).GetAwaiter().GetResult()), s_count / 2);

    [TestMethod]
    public void Search_ForAnyText_IsAnswered() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, text => SearchesAsync(text).GetAwaiter().GetResult()), s_count / 2);

    private static async Task<bool> ReturnsAsync(string text)
    {
        var sent = await s_alice.PostRawAsync("/api/conversations/@bob/messages", $"{{\"text\":{JsonForge.Quote(text)}}}");
        if (Refusal(text) is { } code)
        {
            sent.ShouldBe(400, code);
            return true;
        }

        sent.ShouldBe(201);
        var message = sent.As<MessageResponse>();
        var read = (await s_bob.NewAsync("@alice", message.Version - 1)).Messages.Single();
        var edited = await s_alice.PatchAsync($"/api/conversations/@bob/messages/{message.Seq}", new { text = text + "!" });
        // One more may be one too many.
        var kept = edited.Status == 200 ? text + "!" : text;
        var history = (await s_bob.HistoryAsync("@alice", "?limit=1")).Messages.Single();
        return message.Text == text && read.Text == text && history.Text == kept;
    }

    private static async Task<bool> IdentifiesAsync(string clientId)
    {
        var text = Guid.NewGuid().ToString();
        var sent = await s_alice.PostRawAsync("/api/conversations/@bob/messages", $"{{\"text\":\"{text}\",\"clientId\":{JsonForge.Quote(clientId)}}}");
        if (Unreadable(clientId) || clientId.Length is 0 or > 64)
        {
            sent.ShouldBe(400, Unreadable(clientId) ? "request.invalid" : "message.clientIdInvalid");
            return true;
        }

        // The same clientId may have come before: then the content is another.
        return sent.Status == 201 ? sent.As<MessageResponse>().ClientId == clientId : sent.Code == "message.clientIdReused";
    }

    private static async Task<bool> SearchesAsync(string text)
    {
        // Longer addresses no call is asked for: the server reads them to 8 KiB.
        text = text.Length > 700 ? text[..70] : text;
        var answer = await s_alice.GetAsync("/api/users?query=" + Uri.EscapeDataString(text));
        answer.ShouldBe(text.Length > 64 || text.Contains('\0', StringComparison.Ordinal) ? 400 : 200, answer.Status == 400 ? "request.invalid" : null);
        return true;
    }

    /// <summary>The rule of the contract, said once more in other words.</summary>
    private static string? Refusal(string text) => text switch
    {
        _ when Unreadable(text) => "request.invalid",
        _ when text.All(char.IsWhiteSpace) => "message.empty",
        _ when text.Trim().Length > 4000 => "message.tooLong",
        _ => null,
    };

    private static bool Unreadable(string text) => text.Contains('\0', StringComparison.Ordinal) || text.Length > 0 && HasHalfPair(text);

    private static bool HasHalfPair(string text)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text);
            return false;
        }
        catch (EncoderFallbackException)
        {
            return true;
        }
    }
}
