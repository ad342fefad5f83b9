using SampleIm.Api.People.Accounts;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.People.Accounts;

[TestClass]
public sealed class AccountTests
{
    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => s_app = new SampleImApp(new() { ["Admin:Users:0"] = "ROOT-of-it" });

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public async Task Register_SignsInByCookieAndAnswersTheAccount()
    {
        var user = s_app.Anonymous();
        (await user.GetAsync("/api/account")).ShouldBe(401, "account.signInRequired");

        var answer = await user.PostAsync("/api/account/register", new
        {
            username = "Grace.Hopper",
            password = ApiUser.FirstPassword,
            displayName = "Grace",
            email = "grace@example.org",
            extra = "ignored",
        });

        answer.ShouldBe(201);
        var account = answer.Element;
        Assert.AreEqual("Grace.Hopper", account.GetProperty("username").GetString());
        Assert.AreEqual("Grace", account.GetProperty("displayName").GetString());
        Assert.AreEqual("grace@example.org", account.GetProperty("email").GetString());
        Assert.AreEqual("", account.GetProperty("bio").GetString());
        Assert.AreEqual(System.Text.Json.JsonValueKind.Null, account.GetProperty("avatarUrl").ValueKind);
        Assert.IsFalse(account.GetProperty("isAdmin").GetBoolean());
        StringAssert.Matches(account.GetProperty("createdAt").GetString(), new(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
        Assert.AreEqual(answer.Body, (await user.GetAsync("/api/account")).Body);
    }

    [TestMethod]
    public async Task Register_SetsACookieThatScriptsAndOtherSitesDoNotGet()
    {
        var answer = await s_app.Anonymous()
            .PostAsync("/api/account/register", new { username = "cookie-owner", password = ApiUser.FirstPassword });
        var cookie = answer.CookieNamed("SampleIm");
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.DoesNotContain("expires", cookie);
        var device = answer.CookieNamed("SampleIm.Device");
        Assert.Contains("httponly", device);
        Assert.Contains("samesite=strict", device);
        Assert.Contains("max-age=34560000", device);
        Assert.HasCount(2, answer.Response.Headers.GetValues("Set-Cookie").ToList());
    }

    [TestMethod]
    [DataRow("ALICE-1", "alice-1", DisplayName = "case")]
    [DataRow("Ａlice2", "alice2", DisplayName = "full width")]
    [DataRow("René", "Rene\u0301", DisplayName = "composed and decomposed")]
    [DataRow("Straße", "STRAẞE", DisplayName = "sharp s")]
    [DataRow("Σίσυφος", "ΣΊΣΥΦΟΣ", DisplayName = "final sigma")]
    [DataRow("gross", "groß", DisplayName = "sharp s and ss")]
    [DataRow("variant", "variant\uFE0F", DisplayName = "variation selector")]
    [DataRow("filler", "fil\u3164ler", DisplayName = "Hangul filler")]
    [DataRow("joiner", "join\u200Der", DisplayName = "zero-width joiner")]
    [DataRow("hyphen", "hy\u00ADphen", DisplayName = "soft hyphen")]
    [DataRow("tagged", "tagged\U000E0061", DisplayName = "tag")]
    [DataRow("spaced", " spaced\u3000\u200B", DisplayName = "white space at the ends")]
    public async Task Register_ANameThatOnlyLooksOther_Is409(string first, string second)
    {
        await s_app.RegisterAsync(first);
        var answer = await s_app.Anonymous()
            .PostAsync("/api/account/register", new { username = second, password = ApiUser.FirstPassword });
        answer.ShouldBe(409, "account.usernameTaken");
        Assert.AreEqual(1, answer.Element.GetProperty("errors").GetProperty("username").GetArrayLength());
    }

    [TestMethod]
    [DataRow("İstanbul", "istanbul", DisplayName = "dotted capital I")]
    [DataRow("resume", "résumé", DisplayName = "accents")]
    [DataRow("か-kana", "が-kana", DisplayName = "voicing marks")]
    [DataRow("dot", "dot.", DisplayName = "a dot at the end")]
    public async Task Register_ANameThatIsAnother_IsAnotherAccount(string first, string second)
    {
        var (one, other) = (await s_app.RegisterAsync(first), await s_app.RegisterAsync(second));
        Assert.AreEqual(first, (await one.TotalAsync()).Me);
        Assert.AreEqual(second, (await other.TotalAsync()).Me);
        var found = await one.GetAsync($"/api/users/{Uri.EscapeDataString(second)}");
        Assert.AreEqual(second, found.Element.GetProperty("username").GetString());
    }

    [TestMethod]
    public async Task Register_TheLongestOfEverything_IsKeptWhole()
    {
        var username = string.Concat(Enumerable.Repeat("𠀋", 32));
        var displayName = string.Concat(Enumerable.Repeat("\uFDFA", 64));
        var user = await s_app.RegisterAsync(username, displayName);
        var bio = string.Concat(Enumerable.Repeat("😀", 250));
        var account = (await user.PatchAsync("/api/account", new { bio, email = new string('a', 242) + "@example.org" }))
            .As<AccountResponse>();
        Assert.AreEqual((username, displayName, bio), (account.Username, account.DisplayName, account.Bio));
        var found = await user.GetAsync($"/api/users?query={Uri.EscapeDataString("\uFDFA")}");
        Assert.AreEqual(1, found.Element.GetProperty("users").GetArrayLength());
    }

    [TestMethod]
    [DataRow("ab")]
    [DataRow("张伟")]
    [DataRow("हिन्दी")]
    [DataRow("a_b-c.d")]
    [DataRow("12345678901234567890123456789012")]
    [DataRow("Дмитрий.1")]
    [DataRow("Ελένη_2")]
    [DataRow("tanakaさん漢字")]
    [DataRow("kim김")]
    [DataRow("wangㄨㄤ王")]
    [DataRow("raj-राज")]
    [DataRow("hawaiʻi")]
    [DataRow("Nguyễn")]
    [DataRow("Ɓala", DisplayName = "Hausa")]
    [DataRow("kɔfi-ɛsi", DisplayName = "Twi")]
    [DataRow("ɖɔɣla-ʋu", DisplayName = "Ewe")]
    [DataRow("əli", DisplayName = "Azerbaijani")]
    [DataRow("ɲamina-ŋ", DisplayName = "Bambara")]
    [DataRow("Yıldız", DisplayName = "Turkish")]
    [DataRow("Ċetta-ġorġ", DisplayName = "Maltese")]
    [DataRow("žydrūnas-ė", DisplayName = "Lithuanian")]
    public async Task Register_ANameOfAnyScript_Is201AndFound(string username)
    {
        var user = await s_app.RegisterAsync(username);
        var found = await user.GetAsync($"/api/users/{Uri.EscapeDataString(username)}");
        Assert.AreEqual(username, found.Element.GetProperty("username").GetString());
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("123456789012345678901234567890123")]
    [DataRow("two words")]
    [DataRow("at@sign")]
    [DataRow("slash/name")]
    [DataRow("..")]
    [DataRow("smile😀")]
    [DataRow("line\nbreak")]
    [DataRow("no\uFFFEcharacter")]
    [DataRow("\u3164\u3164", DisplayName = "two Hangul fillers")]
    [DataRow("\u115F\u1160\uFE0F", DisplayName = "nothing to see")]
    [DataRow("\u0430lice", DisplayName = "a Cyrillic a before Latin")]
    [DataRow("al\u03BFne", DisplayName = "a Greek o within Latin")]
    [DataRow("\u13A0ndrew", DisplayName = "Cherokee and Latin")]
    [DataRow("\u0585livia", DisplayName = "Armenian and Latin")]
    [DataRow("\u2C9Eliver", DisplayName = "Coptic and Latin")]
    [DataRow("\uA4EE\uA4EDna", DisplayName = "Lisu and Latin")]
    [DataRow("\u0430\u03BF", DisplayName = "Cyrillic and Greek")]
    [DataRow("user\u0661", DisplayName = "Latin with an Arabic digit")]
    [DataRow("\u0301acute", DisplayName = "an accent on nothing")]
    [DataRow("towerx\u0301\u0302\u0303\u0304\u0306", DisplayName = "five accents on one letter")]
    [DataRow("\uA7CBrams", DisplayName = "a letter whose case not every machine knows")]
    [DataRow("ali\u0307ce", DisplayName = "a dot above on an i")]
    [DataRow("aj\u0307ax", DisplayName = "a dot above on a j")]
    [DataRow("al\u0131\u0307ce", DisplayName = "a dot above on a dotless i")]
    [DataRow("a\u0237\u0307ax", DisplayName = "a dot above on a dotless j")]
    [DataRow("l\u012F\u0307s", DisplayName = "a dot above on an i with ogonek")]
    [DataRow("al\u0269\u0307ce", DisplayName = "a dot above on an iota of Latin")]
    [DataRow("\u0456\u0307ван", DisplayName = "a dot above on a Cyrillic i")]
    [DataRow("al\u0131\u05C4ce", DisplayName = "a Hebrew dot on a Latin letter")]
    [DataRow("a\u0237ax", DisplayName = "a dotless j")]
    [DataRow("\u0261reg", DisplayName = "a phonetic g")]
    [DataRow("\uA7ACreg", DisplayName = "its capital")]
    [DataRow("\u0251lice", DisplayName = "a phonetic a")]
    [DataRow("\u2C6Dlice", DisplayName = "its capital ")]
    [DataRow("al\u026Ace", DisplayName = "a phonetic i")]
    [DataRow("\u1D00\u029F\u026A\u1D04\u1D07", DisplayName = "small capitals")]
    [DataRow("\uA731am", DisplayName = "a small capital of manuscripts")]
    [DataRow("a\u01C0ice", DisplayName = "a click that looks like an l")]
    [DataRow("\u01BFaul", DisplayName = "a wynn that looks like a p")]
    [DataRow("\uAB53ena", DisplayName = "a phonetic chi")]
    public async Task Register_AnInvalidName_Is400(string username)
    {
        var answer = await s_app.Anonymous()
            .PostAsync("/api/account/register", new { username, password = ApiUser.FirstPassword });
        answer.ShouldBe(400, "account.usernameInvalid");
        Assert.AreEqual(1, answer.Element.GetProperty("errors").GetProperty("username").GetArrayLength());
    }

    [TestMethod]
    [DataRow("1234567", DisplayName = "too short")]
    [DataRow("8675309867", DisplayName = "all digits")]
    [DataRow("MyOwnName", DisplayName = "the username")]
    [DataRow("Password1", DisplayName = "common")]
    [DataRow("ＰａｓｓＷｏｒｄ１", DisplayName = "common in full width")]
    [DataRow("p-a-s-s-w-o-r-d", DisplayName = "common with hyphens")]
    [DataRow("\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164", DisplayName = "eight fillers")]
    [DataRow("a\u200B\u200B\u200B\u200B\u200B\u200B\u200Bbc", DisplayName = "three characters to see")]
    [DataRow("a       b       c", DisplayName = "blanks")]
    [DataRow("abcabcabcabc", DisplayName = "three different characters")]
    [DataRow("efghijklmnop", DisplayName = "as in the alphabet")]
    [DataRow("９８７６５４３２", DisplayName = "digits in full width")]
    [DataRow("myownname1", DisplayName = "the username and 1")]
    [DataRow("!MyÓwnName!", DisplayName = "the username with an accent")]
    [DataRow("my-own-name-2026", DisplayName = "the username and a year")]
    [DataRow("emannwoym", DisplayName = "the username reversed")]
    [DataRow("myownnamemyownname", DisplayName = "the username twice")]
    [DataRow("the.mailbox7", DisplayName = "the address's local part")]
    [DataRow("Ludwig99", DisplayName = "a word of the display name")]
    [DataRow("SampleIm-123", DisplayName = "the product's name")]
    public async Task Register_AWeakPassword_Is400WithTheReason(string password)
    {
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new
        {
            username = "myownname",
            password,
            displayName = "Ludwig van",
            email = "the.mailbox@example.org",
        });
        answer.ShouldBe(400, "account.passwordWeak");
        Assert.AreNotEqual("", answer.Element.GetProperty("errors").GetProperty("password")[0].GetString());
    }

    [TestMethod]
    public async Task Register_OneCharacter256Times_IsAWeakPassword()
    {
        var password = new string('x', 256);
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new { username = "monotonous", password });
        answer.ShouldBe(400, "account.passwordWeak");
    }

    [TestMethod]
    [DataRow("myownname had a lamb", DisplayName = "the username within a sentence")]
    [DataRow("корень-дуба", DisplayName = "another script")]
    [DataRow("马到成功一路顺风", DisplayName = "eight characters of Chinese")]
    [DataRow("😀🎉🚀🌍🎈🐳🍀🔥", DisplayName = "eight emoji")]
    [DataRow("kq7w2z9x", DisplayName = "letters and digits")]
    public async Task ChangePassword_ToAGoodOne_Is204(string newPassword)
    {
        var user = await s_app.RegisterAsync();
        var change = new { currentPassword = ApiUser.FirstPassword, newPassword };
        (await user.PostAsync("/api/account/password", change)).ShouldBe(204);
        await user.SignInElsewhereAsync(newPassword);
    }

    [TestMethod]
    public async Task Register_SeveralFaults_AreAllNamed()
    {
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new { username = "!", password = "x" });
        Assert.AreEqual(400, answer.Status);
        Assert.IsTrue(answer.Element.GetProperty("errors").TryGetProperty("username", out _));
        Assert.IsTrue(answer.Element.GetProperty("errors").TryGetProperty("password", out _));
    }

    [TestMethod]
    public async Task Login_InAnyCase_Is200AndTheSameAccount()
    {
        var user = await s_app.RegisterAsync("Camel-Case");
        var other = s_app.Anonymous();
        (await other.PostAsync("/api/account/login", new { username = "cAMEL-cASE", password = ApiUser.FirstPassword }))
            .ShouldBe(200);
        Assert.AreEqual((await user.GetAsync("/api/account")).Body, (await other.GetAsync("/api/account")).Body);
    }

    [TestMethod]
    public async Task Login_WithBlanksAndInvisibleCharactersAtTheEnds_Is200()
    {
        var user = await s_app.RegisterAsync("trim-me");
        const string Typed = "\t trim-me \u3000\u200B\uFEFF";
        var other = s_app.Anonymous();
        var typed = new { username = Typed, password = ApiUser.FirstPassword };
        (await other.PostAsync("/api/account/login", typed)).ShouldBe(200);
        Assert.AreEqual((await user.GetAsync("/api/account")).Body, (await other.GetAsync("/api/account")).Body);
        (await s_app.Anonymous().PostAsync("/api/account/login?token=true", typed)).ShouldBe(200);
    }

    [TestMethod]
    public async Task Login_WithRememberMe_KeepsTheCookieAfterTheBrowserCloses()
    {
        var user = await s_app.RegisterAsync();
        var answer = await s_app.Anonymous()
            .PostAsync("/api/account/login", new { user.Username, password = ApiUser.FirstPassword, rememberMe = true });
        Assert.Contains("expires", answer.CookieNamed("SampleIm"));
    }

    [TestMethod]
    public async Task Login_WrongNameAndWrongPassword_LookTheSame()
    {
        var user = await s_app.RegisterAsync();
        var wrongPassword = await s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = "wrong" });
        var wrongName = await s_app.Anonymous()
            .PostAsync("/api/account/login", new { username = "nobody-here", password = "wrong" });
        wrongPassword.ShouldBe(401, "account.badCredentials");
        Assert.AreEqual(wrongPassword.Body, wrongName.Body);
        foreach (var username in new[] { user.Username, "nobody-here" })
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await s_app.Anonymous().PostAsync("/api/account/login", new { username, password = "wrong" });
            Assert.IsGreaterThanOrEqualTo(
                SampleIm.Api.People.Accounts.PasswordCheck.FailureTime, System.Diagnostics.Stopwatch.GetElapsedTime(started));
        }
    }

    [TestMethod]
    public async Task Login_ASuccessInBetween_ForgetsTheFailures()
    {
        var user = await s_app.RegisterAsync();
        for (var round = 0; round < 2; round++)
        {
            await Task.WhenAll(
                Enumerable.Range(0, 9)
                    .Select(_ => s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = "wrong" })));
            await user.SignInElsewhereAsync();
        }
    }

    [TestMethod]
    public async Task Update_ChangesWhatIsThereAndLeavesTheRest()
    {
        var user = await s_app.RegisterAsync(displayName: "Before");
        (await user.PatchAsync("/api/account", new { bio = "Line one\nline two", email = "me@example.org" })).ShouldBe(200);
        (await user.PatchAsync("/api/account", new { displayName = "After" })).ShouldBe(200);
        var account = (await user.PatchAsync("/api/account", new { email = "" })).As<AccountResponse>();
        Assert.AreEqual(("After", null, "Line one\nline two"), (account.DisplayName, account.Email, account.Bio));
    }

    [TestMethod]
    public async Task Update_InvalidFields_Are400AndChangeNothing()
    {
        var user = await s_app.RegisterAsync(displayName: "Stays");
        (await user.PatchAsync("/api/account", new { displayName = " " })).ShouldBe(400, "account.displayNameInvalid");
        (await user.PatchAsync("/api/account", new { displayName = "two\nlines" })).ShouldBe(400, "account.displayNameInvalid");
        foreach (var character in "\u0085\u2028\u2029\u202A\u202E\u2066\u2069\u200E\u200F\u061C")
        {
            (await user.PatchAsync("/api/account", new { displayName = $"a{character}b" }))
                .ShouldBe(400, "account.displayNameInvalid");
        }

        foreach (var displayName in new[] { "\u3164", "\u200B\u2800\uFE0F", "\u0301", "x\u0301\u0301\u034F\u0301\u0301\u0301" })
        {
            (await user.PatchAsync("/api/account", new { displayName })).ShouldBe(400, "account.displayNameInvalid");
        }

        (await user.PatchAsync("/api/account", new { displayName = new string('x', 65) }))
            .ShouldBe(400, "account.displayNameInvalid");
        (await user.PatchAsync("/api/account", new { displayName = "Lost", email = "no address" }))
            .ShouldBe(400, "account.emailInvalid");
        (await user.PatchAsync("/api/account", new { bio = new string('x', 501) })).ShouldBe(400, "account.bioTooLong");
        foreach (var bio in new[] { "bell \u0007", "turned \u202E around", "x\u0301\u0301\u0301\u0301\u0301" })
        {
            (await user.PatchAsync("/api/account", new { bio })).ShouldBe(400, "account.bioInvalid");
        }

        Assert.AreEqual("Stays", (await user.GetAsync("/api/account")).Element.GetProperty("displayName").GetString());
    }

    [TestMethod]
    [DataRow("one\r\ntwo\rthree", "one\ntwo\nthree")]
    [DataRow(" \u3164\u200B\n", "")]
    [DataRow("\ttabs and 👩‍👩‍👧‍👦\n", "tabs and 👩‍👩‍👧‍👦")]
    public async Task Update_ABio_IsKeptAsItIsShown(string sent, string kept)
    {
        var user = await s_app.RegisterAsync();
        (await user.PatchAsync("/api/account", new { bio = sent })).ShouldBe(200);
        Assert.AreEqual(kept, (await user.GetAsync("/api/account")).As<AccountResponse>().Bio);
    }

    [TestMethod]
    [DataRow("é́́́ four at most")]
    [DataRow("🏴󠁧󠁢󠁥󠁮󠁧󠁿 👁️‍🗨️")]
    [DataRow("می‌خواهم")]
    public async Task Update_ADisplayNameThatOnlyLooksOdd_Is200(string displayName)
    {
        var user = await s_app.RegisterAsync();
        var account = (await user.PatchAsync("/api/account", new { displayName })).As<AccountResponse>();
        Assert.AreEqual(displayName, account.DisplayName);
    }

    [TestMethod]
    public async Task Account_OfAConfiguredAdministrator_SaysSo()
    {
        var user = await s_app.RegisterAsync("root-OF-it");
        Assert.IsTrue((await user.GetAsync("/api/account")).Element.GetProperty("isAdmin").GetBoolean());
    }
}
