using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Security;

/// <summary>
/// Ids as they stand on the wire, letter for letter: no spelling leads anywhere but to the conversation that the caller may
/// see under that name. Alice and Bob talk; Eve, who is in the lobby like everybody, tries.
/// </summary>
[TestClass]
public sealed class SpellingTests
{
    private const string Secret = "between us";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static ApiUser s_eve = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_alice = await s_app.RegisterAsync("alice");
        await s_app.RegisterAsync("bob");
        s_eve = await s_app.RegisterAsync("eve");
        await s_alice.SendAsync("@bob", Secret);
        await s_alice.SendAsync("lobby", "hello, everybody");
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("@bob")]
    [DataRow("%40bob", DisplayName = "an encoded @")]
    [DataRow("@BOB", DisplayName = "capitals")]
    [DataRow("@b%6Fb", DisplayName = "an encoded letter")]
    [DataRow("@%EF%BD%82%EF%BD%8F%EF%BD%82", DisplayName = "fullwidth letters")]
    [DataRow("@%F0%9D%92%B7ob", DisplayName = "a mathematical b")]
    [DataRow("@bo%E2%80%8Bb", DisplayName = "a blank without width")]
    [DataRow("@bo%C2%ADb", DisplayName = "a soft hyphen")]
    [DataRow("@%E2%80%AEbob", DisplayName = "from right to left")]
    public async Task Direct_InAnotherSpelling_IsTheSameToItsSides_AndTheCallersOwnToOthers(string id)
    {
        Assert.Contains(Secret, (await GetAsync(s_alice, $"/api/conversations/{id}/messages/1")).Text);
        var own = await GetAsync(s_eve, $"/api/conversations/{id}");
        Assert.AreEqual(200, own.Status);
        Assert.Contains("\"id\":\"@bob\"", own.Text);
        Assert.Contains("\"lastSeq\":0", own.Text);
        await SeesNothingAsync(id);
    }

    [TestMethod]
    [DataRow("lobby")]
    [DataRow("LOBBY")]
    [DataRow("l%6Fbby")]
    [DataRow("%4CoBBy")]
    public async Task Room_InAnotherSpelling_IsTheSame(string id)
    {
        var answer = await GetAsync(s_eve, $"/api/conversations/{id}");
        Assert.AreEqual(200, answer.Status);
        Assert.Contains("\"id\":\"lobby\"", answer.Text);
    }

    [TestMethod]
    [DataRow("%2540bob", DisplayName = "encoded twice")]
    [DataRow("@bob%252F", DisplayName = "a slash encoded twice")]
    [DataRow("@bob%2F..", DisplayName = "an encoded slash")]
    [DataRow("@bob%2F..%2F@alice", DisplayName = "an encoded way up")]
    [DataRow("@bob%5C", DisplayName = "a backslash")]
    [DataRow("@bob.", DisplayName = "a dot at the end")]
    [DataRow("@bob..", DisplayName = "dots at the end")]
    [DataRow("@.bob", DisplayName = "a dot before")]
    [DataRow("@bob%20", DisplayName = "a blank at the end")]
    [DataRow("@bob%C2%A0", DisplayName = "a hard blank at the end")]
    [DataRow("@%20bob", DisplayName = "a blank before")]
    [DataRow("%20@bob", DisplayName = "a blank before the @")]
    [DataRow("@bob%09", DisplayName = "a tabulator")]
    [DataRow("@bob%0A", DisplayName = "a line end")]
    [DataRow("%EF%BC%A0bob", DisplayName = "a fullwidth @")]
    [DataRow("%EF%B9%ABbob", DisplayName = "a small @")]
    [DataRow("@@bob", DisplayName = "two @")]
    [DataRow("@%D0%B2ob", DisplayName = "a Cyrillic letter")]
    [DataRow("@bob;", DisplayName = "a semicolon")]
    [DataRow("@bob;v=1", DisplayName = "a parameter")]
    [DataRow("@bob%3Fx", DisplayName = "an encoded question mark")]
    [DataRow("@bob%23", DisplayName = "an encoded #")]
    [DataRow("@bob+", DisplayName = "a plus")]
    [DataRow("@b_b", DisplayName = "a joker of SQL")]
    [DataRow("@b%25b", DisplayName = "the other joker of SQL")]
    [DataRow("@bob'--", DisplayName = "a quote")]
    [DataRow("@%C0%A2ob", DisplayName = "no UTF-8")]
    [DataRow("@%ED%A0%80", DisplayName = "half a pair")]
    [DataRow("lobby.", DisplayName = "lobby and a dot")]
    [DataRow("lobby%20", DisplayName = "lobby and a blank")]
    [DataRow("%EF%BD%8C%EF%BD%8F%EF%BD%82%EF%BD%82%EF%BD%99", DisplayName = "a fullwidth lobby")]
    [DataRow("%2Flobby", DisplayName = "a slash and lobby")]
    [DataRow("1", DisplayName = "the number of its row")]
    [DataRow("2", DisplayName = "the number of another row")]
    [DataRow("@1", DisplayName = "the number of a user")]
    [DataRow("alice@bob", DisplayName = "both names")]
    [DataRow("@alice@bob", DisplayName = "both names, both with @")]
    [DataRow("direct", DisplayName = "a word of the database")]
    [DataRow("null", DisplayName = "null")]
    [DataRow("*", DisplayName = "a joker")]
    public async Task Id_ThatNamesNothing_Is404(string id)
    {
        foreach (var caller in new[] { s_alice, s_eve })
        {
            var answer = await GetAsync(caller, $"/api/conversations/{id}/messages/new");
            Assert.AreEqual(404, answer.Status, answer.Text);
            Assert.Contains("\"conversation.unknown\"", answer.Text);
        }

        await SeesNothingAsync(id);
    }

    /// <summary>What the server takes for another path altogether, or for no HTTP.</summary>
    [TestMethod]
    [DataRow("@bob/..", DisplayName = "a way up")]
    [DataRow("@bob/../@alice", DisplayName = "a way up and down")]
    [DataRow("@eve/%2E%2E/@bob", DisplayName = "an encoded way")]
    [DataRow("@eve/..;/@bob", DisplayName = "a way with a parameter")]
    [DataRow("@bob//", DisplayName = "slashes")]
    [DataRow("/@bob", DisplayName = "a slash before")]
    [DataRow("@bob%00", DisplayName = "NUL")]
    [DataRow("lobby%00", DisplayName = "lobby and NUL")]
    [DataRow("@bob%", DisplayName = "half an encoding")]
    [DataRow("@bob%zz", DisplayName = "no encoding")]
    [DataRow("@bob%u0062", DisplayName = "an encoding of old")]
    [DataRow("@bob?", DisplayName = "a question mark")]
    [DataRow("@bob#", DisplayName = "a #")]
    public Task Path_ThatIsOdd_ShowsNothingOfOthers(string id) => SeesNothingAsync(id);

    [TestMethod]
    [DataRow("/media/..%2Fsampleim.db")]
    [DataRow("/media/..%5Csampleim.db")]
    [DataRow("/media/../sampleim.db")]
    [DataRow("/media/%2e%2e%2fsampleim.db")]
    [DataRow("/media/....//sampleim.db")]
    [DataRow("/media/%2Fetc%2Fpasswd")]
    [DataRow("//etc/passwd")]
    [DataRow("/../../../../etc/passwd")]
    [DataRow("/lib/..%2f..%2fappsettings.json")]
    [DataRow("/appsettings.json")]
    [DataRow("/SampleIm.Api.dll")]
    public async Task File_OutsideOfTheFolders_IsOutOfReach(string path)
    {
        var answer = await GetAsync(s_eve, path);
        Assert.AreEqual(404, answer.Status, answer.Text);
    }

    [TestMethod]
    [DataRow("/api/users/%2Ealice")]
    [DataRow("/api/users/alice%20")]
    [DataRow("/api/users/@alice")]
    [DataRow("/api/users/1")]
    public async Task User_OfAnotherName_IsUnknown(string path) =>
        Assert.Contains("\"user.unknown\"", (await GetAsync(s_eve, path)).Text);

    [TestMethod]
    [DataRow("0")]
    [DataRow("-1")]
    [DataRow("2")]
    [DataRow("9223372036854775807")]
    public async Task Number_ThatNoMessageHas_Is404(string seq) =>
        Assert.Contains("\"message.unknown\"", (await GetAsync(s_alice, $"/api/conversations/@bob/messages/{seq}")).Text);

    [TestMethod]
    [DataRow("9223372036854775808")]
    [DataRow("1e0")]
    [DataRow("1.0")]
    [DataRow("%EF%BC%91", DisplayName = "a fullwidth 1")]
    [DataRow("1%00")]
    [DataRow("1,1")]
    [DataRow("$1")]
    public async Task Number_ThatIsNone_Is400(string seq) =>
        Assert.AreEqual(400, (await GetAsync(s_alice, $"/api/conversations/@bob/messages/{seq}")).Status);

    /// <summary>Every read of this id by Eve, and every write: what Alice wrote stays unseen and as it was.</summary>
    private static async Task SeesNothingAsync(string id)
    {
        var path = $"/api/conversations/{id}";
        foreach (var read in new[] { "", "/messages/new", "/messages/history", "/messages/1" })
        {
            Assert.DoesNotContain(Secret, (await GetAsync(s_eve, path + read)).Text);
        }

        foreach (var (method, rest) in new[] { ("PATCH", "/messages/1"), ("DELETE", "/messages/1"), ("PUT", "/read") })
        {
            var answer = await AskAsync(s_eve, method, path + rest, """{"text":"forged","seq":1}""");
            Assert.IsFalse(
                answer is { Status: 200 } || (answer.Status == 204 && method != "PUT"),
                $"{method} {path}{rest}: {answer.Status}");
        }

        var untouched = await s_alice.ConversationAsync("@bob");
        Assert.AreEqual((1L, 1L, Secret), (untouched.LastSeq, untouched.Version, untouched.LastMessage!.Text));
    }

    private static Task<RawAnswer> GetAsync(ApiUser caller, string target) => AskAsync(caller, "GET", target, "");

    private static async Task<RawAnswer> AskAsync(ApiUser caller, string method, string target, string body)
    {
        using var connection = await WireConnection.OpenAsync(s_app.Address);
        await connection.SendAsync($"{method} {target} HTTP/1.1\r\nHost: {s_app.Address.Authority}\r\nCookie: "
            + $"{caller.Cookies.GetCookieHeader(s_app.Address)}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        return await connection.ReadAsync(s_patience) ?? throw new AssertFailedException("The server gave no answer.");
    }
}
