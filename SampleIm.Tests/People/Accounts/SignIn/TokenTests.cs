using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts.SignIn;

[TestClass]
public sealed class TokenTests
{
    private const string Password = ApiUser.FirstPassword;

    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        await s_app.RegisterAsync("alice");
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("/api/account/token")]
    [DataRow("/api/account/login?token=true", DisplayName = "by the older name")]
    public async Task Tokens_SignInAndSetNoCookie(string path)
    {
        var program = s_app.Anonymous();
        var answer = await program.PostAsync(path, new { username = "ALICE", password = Password });
        answer.ShouldBe(200);
        await ShouldSignInAsync(program, answer.Element, "alice");
        var refreshToken = answer.Element.GetProperty("refreshToken").GetString();
        (await s_app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken })).ShouldBe(200);
    }

    [TestMethod]
    public async Task Register_WithTokens_SignsInByThemAndSetsNoCookie()
    {
        var program = s_app.Anonymous();
        var answer = await program.PostAsync("/api/account/register?token=true", new { username = "robot", password = Password });
        answer.ShouldBe(201);
        Assert.AreEqual("/api/account", answer.Response.Headers.Location!.ToString());
        await ShouldSignInAsync(program, answer.Element, "robot");
    }

    [TestMethod]
    public async Task WrongPassword_IsRefusedAsAtSignIn()
    {
        var byToken = await s_app.Anonymous().PostAsync("/api/account/token", new { username = "alice", password = "wrong" });
        var byCookie = await s_app.Anonymous().PostAsync("/api/account/login", new { username = "alice", password = "wrong" });
        byToken.ShouldBe(401, "account.badCredentials");
        Assert.AreEqual(byCookie.Body, byToken.Body);
    }

    [TestMethod]
    public async Task WrongPasswords_ByToken_LockTheAccount()
    {
        await s_app.RegisterAsync("carol");
        for (var wrong = 0; wrong < 10; wrong++)
        {
            await SignInAsync("wrong");
        }

        (await SignInAsync(Password)).ShouldBe(429, "account.locked");

        static Task<Answer> SignInAsync(string password) =>
            s_app.Anonymous().PostAsync("/api/account/token", new { username = "carol", password });
    }

    private static async Task ShouldSignInAsync(ApiUser program, JsonElement tokens, string username)
    {
        Assert.AreEqual(0, program.Cookies.Count);
        Assert.AreEqual("Bearer", tokens.GetProperty("tokenType").GetString());
        program.BearerToken = tokens.GetProperty("accessToken").GetString();
        Assert.AreEqual(username, (await program.TotalAsync()).Me);
    }
}
