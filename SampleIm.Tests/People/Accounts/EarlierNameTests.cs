using Dapper;
using SampleIm.Api.People.Profiles;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts;

/// <summary>Accounts that an earlier release made, under names that today's rules refuse or take for one.</summary>
[TestClass]
public sealed class EarlierNameTests
{
    private static readonly string s_folder = TestMachine.MakeFolder();
    private static TestDatabase s_database = null!;
    private static SampleImApp s_app = null!;
    private static string s_keysAtFirst = "";

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_database = TestDatabase.Create();
        s_app = Open();
        // By the names of today, which become the others below: the username and its key as the earlier release wrote them.
        foreach (var (today, username, key) in new[]
        {
            ("one", "alice", "ALICE"), ("two", "alice\uFE0F", "ALICE\uFE0F"), ("three", "mallory\uFE0F", "MALLORY\uFE0F"),
            ("four", "\u0412ob", "\u0412OB"), ("five", "gross", "GROSS"), ("six", "groß", "GROß"),
            ("seven", "\u3164\u3164", "\u1160\u1160"), ("eight", "Zoë", "ZOË"),
            ("nine", "ni\u0307na", "N\u0130NA"), ("ten", "\u0261reg", "\uA7ACREG"),
        })
        {
            await s_app.RegisterAsync(today, $"I am {today}");
            await s_app.ExecuteAsync("""
                UPDATE users
                SET username = @username, username_key = @key, username_search_key = NULL, display_name_key = ''
                WHERE username = @today
                """, new { today, username, key });
        }

        StartAgain();
        s_keysAtFirst = await KeysAsync();
        StartAgain();
    }

    [ClassCleanup]
    public static void Stop()
    {
        s_app.Dispose();
        s_database.Dispose();
        Directory.Delete(s_folder, recursive: true);
    }

    [TestMethod]
    [DataRow("alice", "one")]
    [DataRow("ALICE", "one")]
    [DataRow("alice\uFE0F", "two")]
    [DataRow("alice\u200D", "one")]
    [DataRow("mallory\uFE0F", "three")]
    [DataRow("mallory", "three")]
    [DataRow("\u0412ob", "four")]
    [DataRow("gross", "five")]
    [DataRow("groß", "six")]
    [DataRow("GROẞ", "six")]
    [DataRow("\u3164\u3164", "seven")]
    [DataRow("zoë", "eight")]
    [DataRow("ni\u0307na", "nine")]
    [DataRow("\u0261reg", "ten")]
    public async Task AnEarlierAccount_SignsInAndIsFound_AndNoOther(string typed, string today)
    {
        var user = s_app.Anonymous();
        var body = new { username = $" {typed} ", password = ApiUser.FirstPassword };
        var answer = await user.PostAsync("/api/account/login", body);
        answer.ShouldBe(200);
        Assert.AreEqual($"I am {today}", answer.Element.GetProperty("displayName").GetString());
        var path = Uri.EscapeDataString(typed);
        var profile = (await user.GetAsync($"/api/users/{path}")).As<UserResponse>();
        Assert.AreEqual($"I am {today}", profile.DisplayName);
        Assert.AreEqual($"I am {today}", (await user.ConversationAsync($"@{path}")).Title);
    }

    [TestMethod]
    [DataRow("alice")]
    [DataRow("alice\uFE01")]
    [DataRow("mallory")]
    [DataRow("Mallory")]
    [DataRow("groß")]
    [DataRow("GROSS")]
    public async Task ANewcomer_GetsNoNameThatAnEarlierAccountHas(string username)
    {
        var body = new { username, password = ApiUser.FirstPassword };
        var answer = await s_app.Anonymous().PostAsync("/api/account/register", body);
        answer.ShouldBe(409, "account.usernameTaken");
    }

    [TestMethod]
    public async Task AnAccountWhoseNameOnlyLooksLikeTheAdministrators_IsNone()
    {
        Assert.IsTrue(await IsAdminAsync("alice"));
        Assert.IsFalse(await IsAdminAsync("alice\uFE0F"));
        Assert.IsFalse(await IsAdminAsync("mallory\uFE0F"));
        Assert.IsTrue(await IsAdminAsync("\u0412ob"));
    }

    [TestMethod]
    public async Task EarlierAccounts_AreFoundByTheSearch()
    {
        var alice = new ApiUser(s_app, "alice");
        (await alice.PostAsync("/api/account/login", new { alice.Username, password = ApiUser.FirstPassword })).ShouldBe(200);
        foreach (var (query, count) in new[] { ("zoe", 1), ("@ALICE", 2), ("i  am", 10), ("strange", 0) })
        {
            var found = await alice.GetAsync($"/api/users?query={Uri.EscapeDataString(query)}");
            Assert.AreEqual(count, found.Element.GetProperty("users").GetArrayLength(), query);
        }
    }

    [TestMethod]
    public async Task AnotherStart_ChangesNothing() => Assert.AreEqual(s_keysAtFirst, await KeysAsync());

    private static void StartAgain()
    {
        s_app.Dispose();
        s_app = Open();
    }

    private static SampleImApp Open() => new(
        new() { ["Admin:Users:0"] = "ALICE", ["Admin:Users:1"] = "mallory", ["Admin:Users:2"] = "\u0412ob" },
        dataPath: s_folder, database: s_database);

    private static async Task<bool> IsAdminAsync(string username)
    {
        var answer = await s_app.Anonymous().PostAsync("/api/account/login", new { username, password = ApiUser.FirstPassword });
        return answer.Element.GetProperty("isAdmin").GetBoolean();
    }

    private static Task<string> KeysAsync() => s_app.Get<Database>().ReadAsync(
        async connection => string.Join('\n', await connection.QueryAsync<(string, string, string)>(
            "SELECT username_key, username_search_key, display_name_key FROM users ORDER BY id")), CancellationToken.None);
}
