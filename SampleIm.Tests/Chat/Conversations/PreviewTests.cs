using System.Globalization;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Conversations;

/// <summary>Previews are cut where a reader sees a character end.</summary>
[TestClass]
public sealed class PreviewTests
{
    private const string Family = "👩\u200D👩\u200D👧\u200D👦";
    private const string England = "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F";

    [TestMethod]
    [DataRow("😀", DisplayName = "two units")]
    [DataRow(Family, DisplayName = "a family")]
    [DataRow(England, DisplayName = "the flag of a region")]
    [DataRow("🇨🇳", DisplayName = "a flag")]
    [DataRow("e\u0301\u0323", DisplayName = "accents")]
    [DataRow("👍🏽", DisplayName = "a skin tone")]
    [DataRow("\r\n", DisplayName = "the end of a line")]
    [DataRow("❤\uFE0F\u200D🔥", DisplayName = "a heart on fire")]
    public void ACharacterOfSeveralUnits_IsThereOrNot(string character)
    {
        for (var before = 80 - character.Length - 1; before <= 81; before++)
        {
            var text = new string('x', before) + character + "yy" + new string('z', 80);
            var cut = MessagePreview.Cut(text)!;
            Assert.IsLessThanOrEqualTo(80, cut.Length);
            Assert.IsGreaterThan(80 - character.Length, cut.Length);
            Assert.StartsWith(cut, text);
            Assert.Contains(cut.Length, StringInfo.ParseCombiningCharacters(text), $"{before} before it");
        }
    }

    [TestMethod]
    public void AShortText_IsWhole()
    {
        foreach (var text in new[] { null, "", "hello", new string('x', 80), string.Concat(Enumerable.Repeat("😀", 40)) })
        {
            Assert.AreEqual(text, MessagePreview.Cut(text));
        }
    }

    [TestMethod]
    public void AFirstCharacterThatIsTooLongItself_IsCutBetweenCodePoints()
    {
        Assert.AreEqual("Z" + new string('\u0336', 79), MessagePreview.Cut("Z" + new string('\u0336', 200)));
        var tags = "x" + string.Concat(Enumerable.Repeat("\U000E0061", 200));
        Assert.AreEqual(tags[..79], MessagePreview.Cut(tags));
    }

    [TestMethod]
    public async Task Total_ShowsIt_SentJustNowAndLoaded()
    {
        var path = TestMachine.MakeFolder();
        using var database = TestDatabase.Create();
        var (text, shown) = (new string('x', 75) + Family, new string('x', 75));
        using (var app = new SampleImApp(dataPath: path, database: database))
        {
            var alice = await app.RegisterAsync("alice");
            await alice.TotalAsync();
            await alice.SendAsync("lobby", text);
            Assert.AreEqual(shown, (await alice.TotalAsync()).Conversations.Single().LastMessage!.Text);
            Assert.AreEqual(shown, (await alice.ConversationAsync("lobby")).LastMessage!.Text);
        }

        using (var app = new SampleImApp(dataPath: path, database: database))
        {
            Assert.AreEqual(shown,
                (await (await app.RegisterAsync("bob")).TotalAsync()).Conversations.Single().LastMessage!.Text);
        }

        Directory.Delete(path, recursive: true);
    }
}
