using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

[TestClass]
public sealed partial class TextProperties
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
        var (message, kept) = (sent.As<MessageResponse>(), Kept(text));
        var read = (await s_bob.NewAsync("@alice", message.Version - 1)).Messages.Single();
        var edited = await s_alice.PatchAsync($"/api/conversations/@bob/messages/{message.Seq}", new { text = text + "!" });
        // One more may be one too many.
        var changed = edited.Status == 200 ? Kept(text + "!") : kept;
        var history = (await s_bob.HistoryAsync("@alice", "?limit=1")).Messages.Single();
        return message.Text == kept && read.Text == kept && history.Text == changed;
    }

    private static async Task<bool> IdentifiesAsync(string clientId)
    {
        var text = Guid.NewGuid().ToString();
        var sent = await s_alice.PostRawAsync(
            "/api/conversations/@bob/messages", $"{{\"text\":\"{text}\",\"clientId\":{JsonForge.Quote(clientId)}}}");
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
        answer.ShouldBe(
            text.Length > 64 || text.Contains('\0', StringComparison.Ordinal) ? 400 : 200,
            answer.Status == 400 ? "request.invalid" : null);
        return true;
    }

    /// <summary>The rule of the contract, said once more in other words.</summary>
    private static string? Refusal(string text) => text switch
    {
        _ when Unreadable(text) => "request.invalid",
        _ when ShowsNothing().IsMatch(text) => "message.empty",
        _ when Kept(text).Length > 4000 => "message.tooLong",
        _ => null,
    };

    /// <summary>The same for what is cut: lines of white space before, white space after.</summary>
    private static string Kept(string text) => Cut().Replace(LineEnd().Replace(text, "\n"), "");

    [GeneratedRegex(@"\r\n?")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"\A(\s*[\n\v\f\u0085\u2028\u2029])?|\s+\z")]
    private static partial Regex Cut();

    /// <summary>
    /// White space, controls, and what Unicode says is to be drawn as nothing or as a blank; the last line is of those that are
    /// two units.
    /// </summary>
    [GeneratedRegex(
        @"\A([\s\p{Cc}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164"
        + @"\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]"
        + @"|\uD80D[\uDC41\uDC42]|\uD81B\uDFE4|\uD82F[\uDCA0-\uDCA3]"
        + @"|\uD834[\uDD59\uDD73-\uDD7A]|[\uDB40-\uDB43][\uDC00-\uDFFF])*\z")]
    private static partial Regex ShowsNothing();

    private static bool Unreadable(string text) =>
        text.Contains('\0', StringComparison.Ordinal) || text.Length > 0 && HasHalfPair(text);

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
