using System.Text;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts;

/// <summary>Passwords in both Unicode forms, and hashes of earlier versions.</summary>
[TestClass]
public sealed class PasswordFormTests
{
    private const string Login = "/api/account/login";
    private const string Change = "/api/account/password";
    private static readonly string s_composed = "Straße-été-2026".Normalize(NormalizationForm.FormC);
    private static readonly string s_decomposed = s_composed.Normalize(NormalizationForm.FormD);

    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Password_IsTheSameInBothForms_AtRegistrationSignInAndChange(bool isComposedFirst)
    {
        var (first, second) = isComposedFirst ? (s_composed, s_decomposed) : (s_decomposed, s_composed);
        Assert.AreNotEqual(first, second);
        var username = $"form{isComposedFirst}";
        var user = s_app.Anonymous();
        (await user.PostAsync("/api/account/register", new { username, password = first })).ShouldBe(201);
        (await s_app.Anonymous().PostAsync(Login, new { username, password = second })).ShouldBe(200);
        (await s_app.Anonymous().PostAsync(Login, new { username, password = first })).ShouldBe(200);
        (await user.PostAsync(Change, new { currentPassword = second, newPassword = first + "!" })).ShouldBe(204);
        (await s_app.Anonymous().PostAsync(Login, new { username, password = second + "!" })).ShouldBe(200);
        (await s_app.Anonymous().PostAsync(Login, new { username, password = second })).ShouldBe(401, "account.badCredentials");
    }

    [TestMethod]
    public async Task Lengths_AreOfTheComposedForm_InBothForms()
    {
        foreach (var (length, status) in new[] { (7, 400), (8, 201), (256, 201), (257, 400) })
        {
            var password = string.Concat(Enumerable.Range(0, length).Select(number => "éàüîçñö"[number % 7]));
            foreach (var form in new[] { NormalizationForm.FormC, NormalizationForm.FormD })
            {
                var account = new { username = $"length{length}{form}", password = password.Normalize(form) };
                var answer = await s_app.Anonymous().PostAsync("/api/account/register", account);
                Assert.AreEqual(status, answer.Status, answer.Body);
            }
        }
    }

    [TestMethod]
    public async Task NamesAndPasswords_LongerThanAnybodyHas_AreNotNormalized()
    {
        const char accent = '\u0301';
        var atMost = "e" + new string(accent, AccountRules.TypedMax - 1);
        Assert.AreEqual('é', NormalizedPasswordHasher.Normalize(atMost)[0]);
        Assert.AreEqual(atMost + accent, NormalizedPasswordHasher.Normalize(atMost + accent));

        var user = await s_app.RegisterAsync("typed");
        // Not seen, and not counted: up to the limit it is the same name.
        foreach (var (length, status) in new[] { (AccountRules.TypedMax, 200), (AccountRules.TypedMax + 1, 401) })
        {
            var account = new { username = user.Username.PadRight(length, '\uFE0F'), password = ApiUser.FirstPassword };
            Assert.AreEqual(status, (await s_app.Anonymous().PostAsync(Login, account)).Status);
        }

        var other = new { username = "other".PadRight(AccountRules.TypedMax + 1, '\uFE0F'), password = ApiUser.FirstPassword };
        var refused = await s_app.Anonymous().PostAsync("/api/account/register", other);
        refused.ShouldBe(400, "account.usernameInvalid");
        Assert.Contains("2 to 32 characters", refused.Body);
        var shown = new { username = "shown", password = ApiUser.FirstPassword, displayName = "é" + new string(accent, 10_000) };
        (await s_app.Anonymous().PostAsync("/api/account/register", shown)).ShouldBe(400, "account.displayNameInvalid");
    }

    [TestMethod]
    [DataRow(false, DisplayName = "of the other Unicode form")]
    [DataRow(true, DisplayName = "with fewer rounds")]
    public async Task Hash_OfAnEarlierVersion_IsTaken_AndRenewedWithoutEndingAnySession(bool hasFewerRounds)
    {
        var user = await s_app.RegisterAsync();
        var elsewhere = await user.SignInElsewhereAsync();
        var (program, refreshToken) = await user.SignInByTokenAsync();
        var options = new PasswordHasherOptions { IterationCount = hasFewerRounds ? 1000 : 100_000 };
        var old = new PasswordHasher<User>(Options.Create(options))
            .HashPassword(new User(), hasFewerRounds ? s_composed : s_decomposed);
        await s_app.ExecuteAsync("UPDATE users SET password_hash = @old WHERE username = @Username", new { old, user.Username });

        (await s_app.Anonymous().PostAsync(Login, new { user.Username, password = s_decomposed })).ShouldBe(200);

        Assert.AreNotEqual(old, await HashAsync(user));
        foreach (var session in new[] { user, elsewhere, program })
        {
            Assert.AreEqual(user.Username, (await session.TotalAsync()).Me);
        }

        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(200);
        (await s_app.Anonymous().PostAsync(Login, new { user.Username, password = s_composed })).ShouldBe(200);
    }

    [TestMethod]
    public async Task Hash_OfTheOtherForm_TakesNoOtherPassword()
    {
        var user = await s_app.RegisterAsync();
        var old = new PasswordHasher<User>().HashPassword(new User(), s_decomposed);
        await s_app.ExecuteAsync("UPDATE users SET password_hash = @old WHERE username = @Username", new { old, user.Username });
        var answer = await s_app.Anonymous().PostAsync(Login, new { user.Username, password = s_decomposed + "x" });
        answer.ShouldBe(401, "account.badCredentials");
        Assert.AreEqual(old, await HashAsync(user));
    }

    private static Task<string?> HashAsync(ApiUser user) => s_app.Get<Database>().ReadAsync(
        connection => connection.ExecuteScalarAsync<string?>(
            "SELECT password_hash FROM users WHERE username = @Username", new { user.Username }),
        CancellationToken.None);
}
