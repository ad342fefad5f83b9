using System.Text;
using Dapper;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts.SignIn;

/// <summary>
/// Somebody who has stolen a cookie begins a call and holds its body back until the owner has changed the password or signed out.
/// Whatever the call is, it ends with the session.
/// </summary>
[TestClass]
public sealed class HeldBodyTests
{
    private const string NewPassword = "a better horse";
    private const string StolenPassword = "a horse of mine";
    private const string Change = "/api/account/password";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static SampleImApp s_app = null!;

    [ClassInitialize]
    public static void Start(TestContext _) => s_app = new SampleImApp(new() { ["Server:BodyGrace"] = "00:10:00" });

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    public static IEnumerable<object[]> Calls =>
        from call in new[]
        {
            ("POST", "/api/conversations/@USER/messages", """{"text":"forged"}"""),
            ("POST", "/api/conversations/@USER/messages", """{"text":"""),
            ("PATCH", "/api/conversations/@USER/messages/1", """{"text":"forged"}"""),
            ("PUT", "/api/conversations/@USER/read", """{"seq":1}"""),
            ("PATCH", "/api/account", """{"displayName":"Forged"}"""),
            ("POST", Change, $$"""{"currentPassword":"{{ApiUser.FirstPassword}}","newPassword":"{{StolenPassword}}"}"""),
        }
        from end in new[] { "password change", "sign-out" }
        select new object[] { call.Item1, call.Item2, call.Item3, end };

    [TestMethod]
    [DynamicData(nameof(Calls))]
    public async Task Call_WhoseBodyComesAfterTheEndOfItsSession_IsRefusedAndDoesNothing(
        string method, string path, string body, string end)
    {
        var (owner, thief) = await StealAsync();
        await owner.SendAsync("@" + owner.Username, "mine");
        path = path.Replace("USER", owner.Username, StringComparison.Ordinal);
        using var connection = await BeginAsync(thief, method, path, "application/json", body.Length);

        var password = await EndAsync(owner, thief, end);
        await connection.SendAsync(body);

        await ShouldBeRefusedAsync(connection);
        var message = (await owner.NewAsync("@" + owner.Username)).Messages.Single();
        Assert.AreEqual("mine", message.Text);
        Assert.AreEqual(owner.Username, (await owner.GetAsync("/api/account")).As<AccountResponse>().DisplayName);
        await owner.SignInElsewhereAsync(password);
    }

    [TestMethod]
    [DataRow("password change")]
    [DataRow("sign-out")]
    public async Task Upload_WhoseEndComesAfterTheEndOfItsSession_IsRefusedAndKeepsNothing(string end)
    {
        var (owner, thief) = await StealAsync();
        var picture = Encoding.Latin1.GetString(Pictures.Png(3, 2));
        var form = $"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.png\"\r\n\r\n{picture}\r\n--b--\r\n";
        using var connection = await BeginAsync(thief, "POST", "/api/images", "multipart/form-data; boundary=b", form.Length);
        await connection.SendAsync(form[..^20]);

        await EndAsync(owner, thief, end);
        await connection.SendAsync(form[^20..]);

        await ShouldBeRefusedAsync(connection);
        Assert.AreEqual(0, await s_app.Get<Database>().ReadAsync(
            database => database.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM images"), CancellationToken.None));
        Assert.IsEmpty(Directory.EnumerateFiles(Path.Combine(s_app.DataPath, "images"), "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Call_WhoseSessionStands_IsDoneHoweverLateItsBodyComes()
    {
        var owner = await s_app.RegisterAsync();
        const string Body = """{"text":"slow"}""";
        using var connection = await BeginAsync(
            owner, "POST", "/api/conversations/lobby/messages", "application/json", Body.Length);
        (await owner.PostAsync(Change, new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(204);
        await connection.SendAsync(Body);
        Assert.AreEqual(201, (await connection.ReadAsync(s_patience))!.Status);
    }

    [TestMethod]
    public async Task SignIn_WithTheCookieOfASessionThatEndsMeanwhile_IsASignIn()
    {
        var owner = await s_app.RegisterAsync();
        var body = $$"""{"username":"{{owner.Username}}","password":"{{ApiUser.FirstPassword}}"}""";
        using var connection = await BeginAsync(owner, "POST", "/api/account/login", "application/json", body.Length);
        (await owner.PostAsync("/api/account/logout")).ShouldBe(204);
        await connection.SendAsync(body);
        Assert.AreEqual(200, (await connection.ReadAsync(s_patience))!.Status);
    }

    private static async Task<(ApiUser Owner, ApiUser Thief)> StealAsync()
    {
        var owner = await s_app.RegisterAsync();
        return (owner, await owner.SignInElsewhereAsync());
    }

    /// <summary>Ends the thief's session. Answers the password after it.</summary>
    private static async Task<string> EndAsync(ApiUser owner, ApiUser thief, string end)
    {
        if (end == "sign-out")
        {
            (await thief.PostAsync("/api/account/logout")).ShouldBe(204);
            return ApiUser.FirstPassword;
        }

        (await owner.PostAsync(Change, new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(204);
        return NewPassword;
    }

    /// <summary>Sends the head of a call, and waits until the server reads its body: the checks before that are over.</summary>
    private static async Task<WireConnection> BeginAsync(
        ApiUser caller, string method, string path, string contentType, int length)
    {
        var connection = await WireConnection.OpenAsync(s_app.Address);
        await connection.SendAsync(
            $"{method} {path} HTTP/1.1\r\nHost: {s_app.Address.Authority}\r\n"
            + $"Cookie: {caller.Cookies.GetCookieHeader(s_app.Address)}\r\n"
            + $"Content-Type: {contentType}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n");
        await connection.AwaitContinueAsync(s_patience);
        return connection;
    }

    private static async Task ShouldBeRefusedAsync(WireConnection connection)
    {
        var answer = (await connection.ReadAsync(s_patience))!;
        Assert.AreEqual(401, answer.Status, answer.Text);
        Assert.Contains("account.signInRequired", answer.Text);
    }
}
