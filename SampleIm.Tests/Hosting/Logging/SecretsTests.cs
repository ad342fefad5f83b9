using Microsoft.Extensions.Logging;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.People.Accounts;
using SampleIm.Tests.Hosting.OpenApi;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Logging;

/// <summary>
/// Makes every kind of call, rightly and wrongly, and then looks for what it said in confidence in all that was logged.
/// </summary>
[TestClass]
public sealed class SecretsTests
{
    private const string Messages = "/api/conversations/lobby/messages";
    private const string Wrong = "mistyped-password-5b1";
    private const string InPlaceOfAName = "PasswordAsName77";
    private const string NewPassword = "new-password-9c4";
    private const string Email = "confidential@example.org";
    private const string Bio = "bio-in-confidence";
    private const string Text = "text-in-confidence";
    private const string Edited = "edit-in-confidence";
    private const string Caption = "caption-in-confidence";
    private const string Malformed = "malformed-in-confidence";

    private readonly CapturedLog _log = new();
    private readonly List<string> _secrets = [
        ApiUser.FirstPassword, Wrong, InPlaceOfAName, NewPassword, Email, Bio, Text, Edited, Caption, Malformed];

    [TestMethod]
    public async Task Secrets_AreInNoLineOfTheLog()
    {
        // All that the program and the framework have to say, down to the last detail.
        using var app = new SampleImApp(new()
        {
            ["Logging:LogLevel:SampleIm"] = "Trace",
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
            ["Admin:Users:0"] = "boss",
        }, log: _log);
        var alice = await CallAccountsAsync(app);
        await CallMessagesAsync(app, alice);
        await CallTheRestAsync(alice);
        await BreakAsync(app, alice);
        (await alice.PostAsync("/api/account/logout")).ShouldBe(204);

        // Its premises: every call was made, the framework spoke, and what is looked for could be found.
        foreach (var (method, path, _) in (await Description.ReadAsync(app)).Calls)
        {
            await _log.FindAsync(
                line =>
                    line.Category == RequestLog.Category
                        && Equals(line.Fields["Route"], path)
                        && Equals(line.Fields["Method"], method));
        }

        foreach (var level in new[] { LogLevel.Trace, LogLevel.Debug, LogLevel.Information })
        {
            Assert.IsTrue(
                _log.Lines.Any(
                    line => line.Category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) && line.Level == level),
                $"{level}");
        }

        Assert.IsTrue(_log.Lines.Any(line => line.Level == LogLevel.Error));
        Assert.IsFalse(_secrets.Exists(secret => secret.Length < 8));
        var forms = _secrets.Concat(_secrets.Select(Uri.EscapeDataString)).Distinct().ToList();
        Assert.AreEqual(
            "",
            string.Join(
                '\n',
                _log.Lines.Where(
                    line => forms.Exists(form => line.ToString().Contains(form, StringComparison.OrdinalIgnoreCase)))));
    }

    private async Task<ApiUser> CallAccountsAsync(SampleImApp app)
    {
        var alice = new ApiUser(app, "alice");
        (await alice.PostAsync("/api/account/register", new { alice.Username, password = "1234567", email = Email }))
            .ShouldBe(400, "account.passwordWeak");
        (await alice.PostAsync("/api/account/register", new { alice.Username, password = ApiUser.FirstPassword, email = Email }))
            .ShouldBe(201);
        await NoteSessionAsync(app, alice);
        (await app.Anonymous().PostAsync("/api/account/login", new { alice.Username, password = Wrong }))
            .ShouldBe(401, "account.badCredentials");
        (
            await app.Anonymous()
                .PostAsync(
                    "/api/account/login",
                    new { username = InPlaceOfAName, password = ApiUser.FirstPassword })).ShouldBe(401, "account.badCredentials");
        (
            await app.Anonymous()
                .PostRawAsync(
                    "/api/account/login",
                    $$"""{"username":"alice","password":"{{Malformed}}""")).ShouldBe(400, "request.invalid");
        (await app.Anonymous().PostRawAsync("/api/account/login", $$"""{"username":"alice","password":["{{Malformed}}"]}"""))
            .ShouldBe(400, "request.invalid");

        (await app.Anonymous().PostAsync("/api/account/token", new { alice.Username, password = Wrong }))
            .ShouldBe(401, "account.badCredentials");
        var (program, refreshToken) = await alice.SignInByTokenAsync();
        _secrets.AddRange([refreshToken, program.BearerToken!]);
        await program.TotalAsync();
        var renewed = await app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken });
        renewed.ShouldBe(200);
        _secrets.AddRange(
            [renewed.Element.GetProperty("accessToken").GetString()!, renewed.Element.GetProperty("refreshToken").GetString()!]);
        (await app.Anonymous().PostAsync("/api/account/refresh", new { refreshToken = Malformed }))
            .ShouldBe(401, "account.refreshInvalid");

        (await alice.GetAsync("/api/account")).ShouldBe(200);
        (await alice.PatchAsync("/api/account", new { email = "new" + Email, bio = Bio })).ShouldBe(200);
        (await alice.PostAsync("/api/account/password", new { currentPassword = Wrong, newPassword = NewPassword }))
            .ShouldBe(400, "account.wrongPassword");
        (
            await alice.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = NewPassword })).ShouldBe(204);
        (await program.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        await NoteSessionAsync(app, await alice.SignInElsewhereAsync(NewPassword));
        program.BearerToken = Malformed;
        (await program.GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        return alice;
    }

    /// <summary>The cookie, what stands in it, and what is kept of the password.</summary>
    private async Task NoteSessionAsync(SampleImApp app, ApiUser user)
    {
        _secrets.Add(user.Cookies.GetCookies(app.Address)[AccountSetup.CookieName]!.Value);
        _secrets.AddRange(await app.Get<Api.Storage.Database>().ReadAsync(
            connection => Dapper.SqlMapper.QueryAsync<string>(
                connection, "SELECT id FROM sessions UNION SELECT password_hash FROM users UNION SELECT security_stamp FROM "
                    + "users"), CancellationToken.None));
    }

    private static async Task CallMessagesAsync(SampleImApp app, ApiUser alice)
    {
        var boss = await app.RegisterAsync("boss");
        await alice.SendAsync("lobby", Text, "client-1");
        (await alice.PostAsync(Messages, new { text = Edited, clientId = "client-1" })).ShouldBe(409, "message.clientIdReused");
        await alice.SendAsync("@boss", Text);
        (await alice.PostAsync("/api/conversations/@nobody/messages", new { text = Text })).ShouldBe(404, "conversation.unknown");
        (await alice.PostAsync(Messages, new { text = Text + new string('x', 4000) })).ShouldBe(400, "message.tooLong");
        (await alice.PostRawAsync(Messages, $$"""{"text": {{Malformed}}}""")).Response.Dispose();
        (await alice.PatchAsync($"{Messages}/1", new { text = Edited })).ShouldBe(200);
        (await boss.PatchAsync($"{Messages}/1", new { text = Edited })).ShouldBe(403, "message.notOwn");
        var picture = await alice.UploadPictureAsync();
        (await alice.PostAsync(Messages, new { imageId = picture.Id, text = Caption })).ShouldBe(201);
        (await alice.GetAsync(picture.Url)).ShouldBe(200);
        (await alice.GetAsync($"{Messages}/1")).ShouldBe(200);
        await alice.NewAsync("lobby");
        await alice.HistoryAsync("lobby");
        (await alice.PutAsync("/api/conversations/lobby/read", new { seq = 1 })).ShouldBe(204);
        (await boss.DeleteAsync($"{Messages}/1")).ShouldBe(204);
    }

    private static async Task CallTheRestAsync(ApiUser alice)
    {
        await alice.TotalAsync();
        foreach (var path in new[]
            {
                "/api/conversations", "/api/conversations/lobby", "/api/users?query=bo", "/api/users/boss", "/api/limits",
                "/health/live", "/health/ready", "/",
            })
        {
            (await alice.GetAsync(path)).ShouldBe(200);
        }

        (await alice.GetAsync("/metrics")).ShouldBe(403, "account.notAdministrator");
    }

    /// <summary>The worst line is the one that a fault writes: it knows the statement.</summary>
    private static async Task BreakAsync(SampleImApp app, ApiUser alice)
    {
        await app.ExecuteAsync("ALTER TABLE messages RENAME TO messages_gone");
        (await alice.PostAsync(Messages, new { text = Text })).ShouldBe(500, "server.error");
        (await alice.PatchAsync($"{Messages}/2", new { text = Edited })).ShouldBe(500, "server.error");
        await app.ExecuteAsync("ALTER TABLE messages_gone RENAME TO messages");
    }
}
