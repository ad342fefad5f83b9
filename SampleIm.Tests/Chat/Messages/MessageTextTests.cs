using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Messages;

/// <summary>
/// What is cut from a text before it is counted, and which texts show nothing: the same for sends, edits and captions.
/// </summary>
[TestClass]
public sealed class MessageTextTests
{
    private const string Path = "/api/conversations/lobby/messages";

    private static SampleImApp s_app = null!;
    private ApiUser _alice = null!;

    [ClassInitialize]
    public static void StartApp(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void StopApp() => s_app.Dispose();

    [TestInitialize]
    public async Task Start() => _alice = await s_app.RegisterAsync();

    [TestMethod]
    [DataRow("\n\n\nhello", "hello")]
    [DataRow(" \n\t\n  hello \t\n\n ", "  hello")]
    [DataRow("\u2028\u2029\u0085\v\fhello\u3000\u2028", "hello")]
    [DataRow("\r\n  if:\r\n    go\rstop\r\n", "  if:\n    go\nstop")]
    [DataRow("one\n\n\n\ntwo", "one\n\n\n\ntwo")]
    [DataRow("👩\u200D👩\u200D👧\uFE0F \u200B", "👩\u200D👩\u200D👧\uFE0F \u200B")]
    public async Task Text_IsCutTheSameWay_WhereverItIsSent(string text, string kept)
    {
        var sent = await _alice.PostAsync(Path, new { text });
        sent.ShouldBe(201);
        Assert.AreEqual(kept, sent.As<MessageResponse>().Text);
        Assert.AreEqual(kept, (await _alice.HistoryAsync("lobby", "?limit=1")).Messages.Single().Text);

        var other = await _alice.SendAsync("lobby", "other");
        var edited = await _alice.PatchAsync($"{Path}/{other.Seq}", new { text });
        edited.ShouldBe(200);
        Assert.AreEqual(kept, edited.As<MessageResponse>().Text);

        var picture = await _alice.UploadPictureAsync();
        var captioned = await _alice.PostAsync(Path, new { imageId = picture.Id, text });
        captioned.ShouldBe(201);
        Assert.AreEqual(kept, captioned.As<MessageResponse>().Text);
    }

    [TestMethod]
    public async Task Text_BehindThirtyThousandEmptyLines_IsOneCharacter()
    {
        var sent = await _alice.PostRawAsync(Path, $$"""{"text":"{{string.Concat(Enumerable.Repeat("\\n", 30_000))}}x"}""");
        sent.ShouldBe(201);
        Assert.AreEqual("x", sent.As<MessageResponse>().Text);
    }

    [TestMethod]
    public async Task Text_IsCountedAsItIsKept()
    {
        var longest = new string('x', 4000);
        Assert.AreEqual(longest, (await _alice.SendAsync("lobby", $"\r\n \n{longest}\r\n ")).Text);
        Assert.AreEqual(4000,
            (await _alice.SendAsync("lobby", string.Concat(Enumerable.Repeat("x\r\n", 1999)) + "xy")).Text!.Length);
        (await _alice.PostAsync(Path, new { text = " " + longest })).ShouldBe(400, "message.tooLong");
    }

    [TestMethod]
    [DataRow("\u200B\u200D\u2060\uFEFF", DisplayName = "zero width")]
    [DataRow("\u3164 \u115F\u1160\uFFA0", DisplayName = "Hangul fillers")]
    [DataRow("\u2800\n\u2800", DisplayName = "a blank of Braille")]
    [DataRow("\uFE0F\uFE0E\u034F\u00AD\u061C\u180E", DisplayName = "variation selectors and other ignorable ones")]
    [DataRow("\U000E0041\U000E007F\U000E0100", DisplayName = "tags")]
    [DataRow("\u202E\u2066\u2069\u202C", DisplayName = "directions")]
    [DataRow("\u0001\u0008\u009F \t\n", DisplayName = "controls")]
    [DataRow(" \r\n\t\u3000\u2028", DisplayName = "white space")]
    [DataRow("", DisplayName = "nothing")]
    public async Task ATextThatShowsNothing_IsEmpty(string text)
    {
        (await _alice.PostAsync(Path, new { text })).ShouldBe(400, "message.empty");
        var message = await _alice.SendAsync("lobby", "something");
        (await _alice.PatchAsync($"{Path}/{message.Seq}", new { text })).ShouldBe(400, "message.empty");
        var picture = await _alice.UploadPictureAsync();
        var sent = await _alice.PostAsync(Path, new { imageId = picture.Id, text });
        sent.ShouldBe(201);
        Assert.IsNull(sent.As<MessageResponse>().Text);
    }

    [TestMethod]
    [DataRow("\u200Bx", DisplayName = "a letter behind one of zero width")]
    [DataRow("\u0301", DisplayName = "an accent alone")]
    [DataRow("☺\uFE0F", DisplayName = "an emoji")]
    [DataRow("\u0600", DisplayName = "a sign that is a format character and seen")]
    [DataRow("\uE000", DisplayName = "private use")]
    public async Task ATextThatShowsSomething_IsKeptAsItIs(string text) =>
        Assert.AreEqual(text, (await _alice.SendAsync("lobby", text)).Text);

    [TestMethod]
    public async Task ARetry_IsKnownByTheTextAsItIsKept()
    {
        var first = await _alice.PostAsync(Path, new { text = "\nhello\r\nyou ", clientId = "retry" });
        first.ShouldBe(201);
        (await _alice.PostAsync(Path, new { text = "hello\nyou", clientId = "retry" })).ShouldBe(200);
        (await _alice.PostAsync(Path, new { text = " hello\nyou", clientId = "retry" })).ShouldBe(409, "message.clientIdReused");
    }

    [TestMethod]
    public async Task AnEditToWhatIsKept_ChangesNothing()
    {
        var message = await _alice.SendAsync("lobby", "hello");
        var edited = await _alice.PatchAsync($"{Path}/{message.Seq}", new { text = "\n\nhello \r\n" });
        edited.ShouldBe(200);
        Assert.AreEqual(message, edited.As<MessageResponse>());
    }
}
