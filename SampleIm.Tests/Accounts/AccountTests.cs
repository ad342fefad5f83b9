using SampleIm.Api.Accounts;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Accounts;

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
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new { username = "cookie-owner", password = ApiUser.FirstPassword });
        var cookie = answer.Response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        Assert.DoesNotContain("expires", cookie);
    }

    [TestMethod]
    [DataRow("ALICE-1", "alice-1", DisplayName = "case")]
    [DataRow("Ａlice2", "alice2", DisplayName = "full width")]
    [DataRow("René", "Rene\u0301", DisplayName = "composed and decomposed")]
    [DataRow("Straße", "STRAẞE", DisplayName = "sharp s")]
    [DataRow("Σίσυφος", "ΣΊΣΥΦΟΣ", DisplayName = "final sigma")]
    public async Task Register_ANameThatOnlyLooksOther_Is409(string first, string second)
    {
        await s_app.RegisterAsync(first);
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new { username = second, password = ApiUser.FirstPassword });
        answer.ShouldBe(409, "account.usernameTaken");
        Assert.AreEqual(1, answer.Element.GetProperty("errors").GetProperty("username").GetArrayLength());
    }

    [TestMethod]
    [DataRow("İstanbul", "istanbul", DisplayName = "dotted capital I")]
    [DataRow("resume", "résumé", DisplayName = "accents")]
    [DataRow("gross", "groß", DisplayName = "sharp s and ss")]
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
        var account = (await user.PatchAsync("/api/account", new { bio, email = new string('a', 242) + "@example.org" })).As<AccountResponse>();
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
    public async Task Register_AnInvalidName_Is400(string username)
    {
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new { username, password = ApiUser.FirstPassword });
        answer.ShouldBe(400, "account.usernameInvalid");
        Assert.AreEqual(1, answer.Element.GetProperty("errors").GetProperty("username").GetArrayLength());
    }

    [TestMethod]
    [DataRow("1234567", DisplayName = "too short")]
    [DataRow("8675309867", DisplayName = "all digits")]
    [DataRow("MyOwnName", DisplayName = "the username")]
    [DataRow("Password1", DisplayName = "common")]
    public async Task Register_AWeakPassword_Is400WithTheReason(string password)
    {
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", new { username = "myownname", password });
        answer.ShouldBe(400, "account.passwordWeak");
        Assert.AreNotEqual("", answer.Element.GetProperty("errors").GetProperty("password")[0].GetString());
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
        (await other.PostAsync("/api/account/login", new { username = "cAMEL-cASE", password = ApiUser.FirstPassword })).ShouldBe(200);
        Assert.AreEqual((await user.GetAsync("/api/account")).Body, (await other.GetAsync("/api/account")).Body);
    }

    [TestMethod]
    public async Task Login_WithRememberMe_KeepsTheCookieAfterTheBrowserCloses()
    {
        var user = await s_app.RegisterAsync();
        var answer = await s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = ApiUser.FirstPassword, rememberMe = true });
        Assert.Contains("expires", answer.Response.Headers.GetValues("Set-Cookie").Single());
    }

    [TestMethod]
    public async Task Login_WrongNameAndWrongPassword_LookTheSame()
    {
        var user = await s_app.RegisterAsync();
        var wrongPassword = await s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = "wrong" });
        var wrongName = await s_app.Anonymous().PostAsync("/api/account/login", new { username = "nobody-here", password = "wrong" });
        wrongPassword.ShouldBe(401, "account.badCredentials");
        Assert.AreEqual(wrongPassword.Body, wrongName.Body);
        foreach (var username in new[] { user.Username, "nobody-here" })
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            await s_app.Anonymous().PostAsync("/api/account/login", new { username, password = "wrong" });
            Assert.IsGreaterThanOrEqualTo(SampleIm.Api.Accounts.PasswordCheck.FailureTime, System.Diagnostics.Stopwatch.GetElapsedTime(started));
        }
    }

    [TestMethod]
    [DataRow(true, DisplayName = "an account")]
    [DataRow(false, DisplayName = "a name that nobody has")]
    public async Task Login_TenWrongPasswords_LockTheNameForFiveMinutes(bool exists)
    {
        var username = exists ? (await s_app.RegisterAsync()).Username : "ghost-of-nobody";
        var attempts = Enumerable.Range(0, 9).Select(_ => s_app.Anonymous().PostAsync("/api/account/login", new { username, password = "wrong" }));
        foreach (var attempt in await Task.WhenAll(attempts))
        {
            attempt.ShouldBe(401, "account.badCredentials");
        }

        await s_app.Anonymous().PostAsync("/api/account/login", new { username, password = "wrong" });
        var locked = await s_app.Anonymous().PostAsync("/api/account/login", new { username, password = ApiUser.FirstPassword });

        locked.ShouldBe(429, "account.locked");
        var seconds = locked.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.IsTrue(seconds is > 290 and <= 300, $"{seconds}");
    }

    [TestMethod]
    public async Task Login_ASuccessInBetween_ForgetsTheFailures()
    {
        var user = await s_app.RegisterAsync();
        for (var round = 0; round < 2; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = "wrong" })));
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
        foreach (var character in "\u0085\u2028\u2029\u202A\u202E\u2066\u2069")
        {
            (await user.PatchAsync("/api/account", new { displayName = $"a{character}b" })).ShouldBe(400, "account.displayNameInvalid");
        }

        (await user.PatchAsync("/api/account", new { displayName = new string('x', 65) })).ShouldBe(400, "account.displayNameInvalid");
        (await user.PatchAsync("/api/account", new { displayName = "Lost", email = "no address" })).ShouldBe(400, "account.emailInvalid");
        (await user.PatchAsync("/api/account", new { bio = new string('x', 501) })).ShouldBe(400, "account.bioTooLong");
        Assert.AreEqual("Stays", (await user.GetAsync("/api/account")).Element.GetProperty("displayName").GetString());
    }

    [TestMethod]
    public async Task Account_OfAConfiguredAdministrator_SaysSo()
    {
        var user = await s_app.RegisterAsync("root-OF-it");
        Assert.IsTrue((await user.GetAsync("/api/account")).Element.GetProperty("isAdmin").GetBoolean());
    }
}
