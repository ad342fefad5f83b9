using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts.SignIn;

[TestClass]
public sealed class SessionTests
{
    private const string NewPassword = "a better horse";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => s_app = new SampleImApp();

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public async Task Token_SignsInWithoutACookie()
    {
        var user = await s_app.RegisterAsync();
        var answer = await s_app.Anonymous()
            .PostAsync("/api/account/login?token=true", new { user.Username, password = ApiUser.FirstPassword });
        answer.ShouldBe(200);
        Assert.AreEqual("Bearer", answer.Element.GetProperty("tokenType").GetString());
        Assert.IsGreaterThan(0, answer.Element.GetProperty("expiresIn").GetInt64());
        Assert.IsFalse(answer.Response.Headers.Contains("Set-Cookie"));

        var (program, _) = await user.SignInByTokenAsync();
        Assert.AreEqual(user.Username, (await program.TotalAsync()).Me);
    }

    [TestMethod]
    public async Task Refresh_BringsTokensThatWork()
    {
        var (program, refreshToken) = await (await s_app.RegisterAsync()).SignInByTokenAsync();
        program.BearerToken = null;
        var answer = await program.PostAsync("/api/account/refresh", new { refreshToken });
        answer.ShouldBe(200);
        program.BearerToken = answer.Element.GetProperty("accessToken").GetString();
        Assert.AreEqual(program.Username, (await program.TotalAsync()).Me);
    }

    [TestMethod]
    public async Task Refresh_WithAForgedOrAnAccessToken_Is401()
    {
        var (program, _) = await (await s_app.RegisterAsync()).SignInByTokenAsync();
        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken = "forged" }))
            .ShouldBe(401, "account.refreshInvalid");
        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken = program.BearerToken }))
            .ShouldBe(401, "account.refreshInvalid");
    }

    [TestMethod]
    public async Task Refresh_WithATokenThatHasExpired_Is401()
    {
        var clock = new TestClock();
        using var app = new SampleImApp(clock: clock);
        var user = await app.RegisterAsync();
        var (_, refreshToken) = await user.SignInByTokenAsync();
        clock.Advance(TimeSpan.FromDays(13));
        (await app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(200);
        clock.Advance(TimeSpan.FromDays(2));
        (await app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(401, "account.refreshInvalid");
    }

    [TestMethod]
    public async Task GetAccount_IfSignedIn_Is204ForNobody()
    {
        const string Question = "/api/account?ifSignedIn=true";
        var user = await s_app.RegisterAsync();
        Assert.AreEqual(user.Username, (await user.GetAsync(Question)).As<AccountResponse>().Username);
        (await s_app.Anonymous().GetAsync(Question)).ShouldBe(204);
        (await s_app.Anonymous().GetAsync("/api/account?ifSignedIn=false")).ShouldBe(401, "account.signInRequired");
        (await s_app.Anonymous().GetAsync("/api/account?ifSignedIn=perhaps")).ShouldBe(400, "request.invalid");

        var copy = s_app.Anonymous();
        copy.Cookies.Add(user.Cookies.GetCookies(s_app.Address));
        var (program, _) = await user.SignInByTokenAsync();
        await user.PostAsync("/api/account/logout");
        (await copy.GetAsync(Question)).ShouldBe(204);
        await program.PostAsync("/api/account/logout");
        (await program.GetAsync(Question)).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Logout_EndsTheCookieAlsoForWhoeverCopiedIt()
    {
        var user = await s_app.RegisterAsync();
        var thief = s_app.Anonymous();
        thief.Cookies.Add(user.Cookies.GetCookies(s_app.Address));
        Assert.AreEqual(user.Username, (await thief.TotalAsync()).Me);

        (await user.PostAsync("/api/account/logout")).ShouldBe(204);

        (await thief.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        (await user.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Logout_ByToken_EndsAccessAndRefreshTokens()
    {
        var (program, refreshToken) = await (await s_app.RegisterAsync()).SignInByTokenAsync();
        (await program.PostAsync("/api/account/logout")).ShouldBe(204);
        (await program.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(401, "account.refreshInvalid");
    }

    [TestMethod]
    public async Task Login_WithACookieThatSomebodyElseHasPutThere_BeginsASessionOfItsOwn()
    {
        var (eve, alice) = (await s_app.RegisterAsync(), await s_app.RegisterAsync());
        var victim = new ApiUser(s_app, alice.Username);
        victim.Cookies.Add(eve.Cookies.GetAllCookies());
        (await victim.PostAsync("/api/account/login", new { alice.Username, password = ApiUser.FirstPassword })).ShouldBe(200);
        Assert.AreNotEqual(eve.Cookies.GetCookieHeader(s_app.Address), victim.Cookies.GetCookieHeader(s_app.Address));
        Assert.AreEqual(alice.Username, (await victim.TotalAsync()).Me);
        Assert.AreEqual(eve.Username, (await eve.TotalAsync()).Me);
    }

    [TestMethod]
    public async Task Logout_InOneBrowser_LeavesTheOthers()
    {
        var user = await s_app.RegisterAsync();
        var other = await user.SignInElsewhereAsync();
        await user.PostAsync("/api/account/logout");
        Assert.AreEqual(user.Username, (await other.TotalAsync()).Me);
    }

    [TestMethod]
    public async Task ChangePassword_EndsEveryOtherSessionAndKeepsThisOne()
    {
        var user = await s_app.RegisterAsync();
        var browser = await user.SignInElsewhereAsync();
        var (program, refreshToken) = await user.SignInByTokenAsync();
        await browser.TotalAsync();
        await program.TotalAsync();

        (
            await user.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(204);

        (await browser.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        (await program.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(401, "account.refreshInvalid");
        Assert.AreEqual(user.Username, (await user.TotalAsync()).Me);
        (await s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = ApiUser.FirstPassword }))
            .ShouldBe(401, "account.badCredentials");
        await user.SignInElsewhereAsync(NewPassword);
    }

    [TestMethod]
    public async Task ChangePassword_ByToken_KeepsTheCallersTokens()
    {
        var (program, refreshToken) = await (await s_app.RegisterAsync()).SignInByTokenAsync();
        (
            await program.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(204);
        Assert.AreEqual(program.Username, (await program.TotalAsync()).Me);
        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(200);
    }

    [TestMethod]
    public async Task ChangePassword_Refused_ChangesNothing()
    {
        var user = await s_app.RegisterAsync();
        var other = await user.SignInElsewhereAsync();
        var wrong = await user.PostAsync("/api/account/password", new { currentPassword = "wrong", newPassword = NewPassword });
        wrong.ShouldBe(400, "account.wrongPassword");
        Assert.AreEqual(1, wrong.Element.GetProperty("errors").GetProperty("currentPassword").GetArrayLength());
        var weak = await user.PostAsync(
            "/api/account/password", new { currentPassword = ApiUser.FirstPassword, newPassword = "12345678" });
        weak.ShouldBe(400, "account.passwordWeak");
        Assert.AreEqual(1, weak.Element.GetProperty("errors").GetProperty("newPassword").GetArrayLength());
        await other.TotalAsync();
        await user.SignInElsewhereAsync();
    }

    [TestMethod]
    public async Task ChangePassword_WhoseClientHangsUp_StillEndsTheOtherSessions()
    {
        var moment = new HangUpMoment();
        using var app = new SampleImApp(replace: services => services
            .AddSingleton<IStartupFilter>(moment).AddSingleton<IPasswordValidator<User>>(moment));
        var user = await app.RegisterAsync();
        var other = await user.SignInElsewhereAsync();
        await other.TotalAsync();
        using var hangUp = new CancellationTokenSource();
        moment.WaitFor("/api/account/password");
        var request = new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword };
        var change = user.HangUpAsync("/api/account/password", request, hangUp.Token);
        await moment.IsReached.WaitAsync(s_patience);
        await hangUp.CancelAsync();
        await change;
        await moment.IsOver.WaitAsync(s_patience);

        (await other.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        await user.SignInElsewhereAsync(NewPassword);
    }

    [TestMethod]
    public async Task Login_FailedWhileThePasswordChanges_DoesNotBringTheOldOneBack()
    {
        var user = await s_app.RegisterAsync();
        var guesses = Enumerable.Range(0, 8)
            .Select(_ => s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = "wrong" })).ToList();
        (
            await user.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(204);
        await Task.WhenAll(guesses);
        await user.SignInElsewhereAsync(NewPassword);
    }

    [TestMethod]
    public async Task ChangePassword_GuessedTooOften_LocksTheAccount()
    {
        var user = await s_app.RegisterAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            user.PostAsync("/api/account/password", new { currentPassword = "wrong", newPassword = NewPassword })));
        (
            await user.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(429, "account.locked");
    }

    [TestMethod]
    public async Task Session_InUse_IsExtendedAndOutlivesItsFirstLifetime()
    {
        var clock = new TestClock();
        using var app = new SampleImApp(clock: clock);
        var user = await app.RegisterAsync();
        for (var week = 0; week < 9; week++)
        {
            clock.Advance(TimeSpan.FromDays(7));
            await user.TotalAsync();
        }

        clock.Advance(Sessions.Lifetime + TimeSpan.FromDays(1));
        (await user.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    public async Task Lock_ThatHasPassed_LetsIn()
    {
        var user = await s_app.RegisterAsync();
        await Task.WhenAll(
            Enumerable.Range(0, 10)
                .Select(_ => s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = "wrong" })));
        (await s_app.Anonymous().PostAsync("/api/account/login", new { user.Username, password = ApiUser.FirstPassword }))
            .ShouldBe(429, "account.locked");
        await s_app.ExecuteAsync("UPDATE sign_in_attempts SET ends_at = ends_at - 300000");
        await user.SignInElsewhereAsync();
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Passwords_AreNotInTheDatabase()
    {
        await s_app.RegisterAsync();
        foreach (var file in Directory.EnumerateFiles(s_app.DataPath, "sampleim.db*")
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(ApiUser.FirstPassword, await reader.ReadToEndAsync());
        }
    }

    /// <summary>
    /// Holds a call between the check of the current password and the write of the new one, until the server knows that its
    /// client has gone.
    /// </summary>
    private sealed class HangUpMoment : IStartupFilter, IPasswordValidator<User>
    {
        private readonly TaskCompletionSource _reached = new(), _hungUp = new(), _over = new();
        private string? _path;

        public Task IsReached => _reached.Task;

        public Task IsOver => _over.Task;

        public void WaitFor(string path) => _path = path;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
        {
            builder.Use(async (context, rest) =>
            {
                var isIt = context.Request.Path == _path;
                await using var abort = context.RequestAborted.Register(() => _ = isIt && _hungUp.TrySetResult());
                try
                {
                    await rest(context);
                }
                finally
                {
                    _ = isIt && _over.TrySetResult();
                }
            });
            next(builder);
        };

        public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
        {
            if (_path is not null)
            {
                _reached.TrySetResult();
                await _hungUp.Task;
            }

            return IdentityResult.Success;
        }
    }
}
