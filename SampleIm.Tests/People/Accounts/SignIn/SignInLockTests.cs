using System.Net.Http.Json;
using Dapper;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts.SignIn;

/// <summary>Ten wrong passwords lock a name for the network they came from, and no device that has signed in before.</summary>
[TestClass]
public sealed class SignInLockTests
{
    private const string NewPassword = "a better horse";
    private const string Here = "203.0.113.1";
    private const string Elsewhere = "203.0.113.2";

    private readonly TestClock _clock = new();
    private readonly string _dataPath = TestMachine.MakeFolder();
    private readonly TestDatabase _database = TestDatabase.Create();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = MakeApp();
        _alice = await _app.RegisterAsync("alice");
    }

    [TestCleanup]
    public void Stop()
    {
        _app.Dispose();
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task Burst_IsAnsweredAlike_WhetherOrNotAnybodyHasTheName()
    {
        foreach (var username in new[] { "alice", "nobody" })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => TryAsync(Here, username, "wrong")));
            CollectionAssert.AreEqual(
                Enumerable.Repeat("401 account.badCredentials", 9).Concat(Enumerable.Repeat("429 account.locked", 16)).ToList(),
                answers.Select(answer => $"{answer.Status} {answer.Code}").Order(StringComparer.Ordinal).ToList(), username);
            var right = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TryAsync(Here, username, ApiUser.FirstPassword)));
            Assert.IsTrue(right.All(answer => answer.Code == "account.locked"), username);
        }
    }

    [TestMethod]
    [DataRow("alice")]
    [DataRow("nobody")]
    public async Task Lock_LastsFiveMinutes_ForItsNetworkAlone(string username)
    {
        await LockAsync(Here, username);
        var locked = await TryAsync(Here, username, "wrong");
        locked.ShouldBe(429, "account.locked");
        Assert.AreEqual(TimeSpan.FromMinutes(5), locked.Response.Headers.RetryAfter!.Delta);
        (await TryAsync(Elsewhere, username, "wrong")).ShouldBe(401, "account.badCredentials");
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await TryAsync(Here, username, "wrong")).ShouldBe(429, "account.locked");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await TryAsync(Here, username, "wrong")).ShouldBe(401, "account.badCredentials");
    }

    [TestMethod]
    public async Task Networks_OfIPv6_AreLockedWhole()
    {
        await LockAsync("2001:db8:0:1::1", "alice");
        (await TryAsync("2001:db8:0:1:ffff::7", "alice")).ShouldBe(429, "account.locked");
        (await TryAsync("2001:db8:0:2::1", "alice")).ShouldBe(200);
    }

    [TestMethod]
    public async Task Attempts_CountForAnHour_AndUntilTheRightPassword()
    {
        await TryOftenAsync(9, Here, "alice");
        (await TryAsync(Here, "alice")).ShouldBe(200);
        await TryOftenAsync(9, Here, "alice");
        _clock.Advance(SignInAttempts.CountedFor);
        await TryOftenAsync(9, Here, "alice");
        (await TryAsync(Here, "alice")).ShouldBe(200);
    }

    [TestMethod]
    public async Task Lock_OutlivesARestart()
    {
        await LockAsync(Here, "alice");
        await LockAsync(Here, "nobody");
        _app.Dispose();
        _app = MakeApp();
        (await TryAsync(Here, "alice")).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "nobody")).ShouldBe(429, "account.locked");
    }

    [TestMethod]
    [TestCategory(TestDatabase.MySqlOnly)]
    public async Task Servers_OnOneDatabase_CountTogether()
    {
        using var other = new SampleImApp(Settings(), _clock, database: _database);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(
            number => TryAsync(Here, "alice", "wrong", app: number % 2 == 0 ? _app : other)));
        (await TryAsync(Here, "alice")).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "alice", app: other)).ShouldBe(429, "account.locked");
    }

    [TestMethod]
    public async Task Device_OnWhichTheOwnerHasSignedIn_IsLockedByNobodyElse()
    {
        await LockAsync(Here, "alice");
        (await TryAsync(Here, "alice")).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "ALICE", by: _alice)).ShouldBe(200);
        (await _alice.PostAsync("/api/account/logout")).ShouldBe(204);
        (await TryAsync(Here, "alice", by: _alice)).ShouldBe(200);
    }

    [TestMethod]
    public async Task Device_IsCountedByItself()
    {
        var phone = await _alice.SignInElsewhereAsync();
        await LockAsync(Here, "alice", _alice);
        (await TryAsync(Elsewhere, "alice", by: _alice)).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "alice", by: phone)).ShouldBe(200);
        (await TryAsync(Here, "alice")).ShouldBe(200);
    }

    [TestMethod]
    public async Task Device_ThatSeveralShare_KnowsEachOfThem()
    {
        await _app.RegisterAsync("bob");
        (await TryAsync(Here, "bob", by: _alice)).ShouldBe(200);
        await LockAsync(Here, "alice");
        await LockAsync(Here, "bob");
        (await TryAsync(Here, "alice", by: _alice)).ShouldBe(200);
        (await TryAsync(Here, "bob", by: _alice)).ShouldBe(200);
    }

    [TestMethod]
    public async Task Device_OfSomebodyElseOrForged_IsAnybodys()
    {
        var bob = await _app.RegisterAsync("bob");
        var forger = _app.Anonymous();
        forger.Cookies.Add(_app.Address, new System.Net.Cookie(DeviceCookie.CookieName, "CfDJ8forged"));
        await LockAsync(Here, "alice");
        (await TryAsync(Here, "alice", by: bob)).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "alice", by: forger)).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "bob", by: forger)).ShouldBe(200);
    }

    [TestMethod]
    public async Task Device_IsKnownUntilThePasswordChanges_AndTheOneThatChangesItStaysKnown()
    {
        var thief = await _alice.SignInElsewhereAsync();
        (await ChangeAsync(_alice)).ShouldBe(204);
        await LockAsync(Here, "alice");
        (await TryAsync(Here, "alice", NewPassword, thief)).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "alice", NewPassword, _alice)).ShouldBe(200);
    }

    [TestMethod]
    public async Task OwnPasswordChange_IsLockedByNobodyElse()
    {
        var home = await _alice.SignInElsewhereAsync();
        await LockAsync("127.0.0.1", "alice");
        await LockAsync("127.0.0.1", "alice", home);
        for (var wrong = 0; wrong < 10; wrong++)
        {
            await ChangeAsync(home, "wrong");
        }

        (await ChangeAsync(home)).ShouldBe(429, "account.locked");
        (await ChangeAsync(_alice)).ShouldBe(204);
    }

    [TestMethod]
    public async Task OwnPasswordChange_WithTheRightPasswordAndAWeakNewOne_LocksNothing()
    {
        for (var time = 0; time < 12; time++)
        {
            (await ChangeAsync(_alice, newPassword: "12345678")).ShouldBe(400, "account.passwordWeak");
        }

        (await ChangeAsync(_alice)).ShouldBe(204);
    }

    [TestMethod]
    public async Task Rows_ThatHaveEnded_AreRemoved_AndOfTooManyThoseThatEndFirst()
    {
        for (var number = 0; number < 5; number++)
        {
            await TryAsync(Here, $"nobody{number}", "wrong");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        var attempts = _app.Get<SignInAttempts>();
        Assert.AreEqual(0, await attempts.SweepAsync(SignInAttempts.MostRows, CancellationToken.None));
        Assert.AreEqual(2, await attempts.SweepAsync(3, CancellationToken.None));
        _clock.Advance(SignInAttempts.CountedFor - TimeSpan.FromMinutes(2));
        Assert.AreEqual(2, await attempts.SweepAsync(3, CancellationToken.None));
        Assert.AreEqual(1, await _app.Get<Database>().ReadAsync(
            connection => connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM sign_in_attempts"), CancellationToken.None));
    }

    [TestMethod]
    public async Task Locks_AreNotRemovedToMakeRoomForAttemptsAtOtherNames()
    {
        await LockAsync(Here, "alice");
        for (var number = 0; number < 5; number++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await TryAsync(Here, $"nobody{number}", "wrong");
        }

        var attempts = _app.Get<SignInAttempts>();
        Assert.AreEqual(3, await attempts.SweepAsync(3, CancellationToken.None));
        (await TryAsync(Here, "alice")).ShouldBe(429, "account.locked");
        // Where there are too many locks, those go that end first, and everything else.
        _clock.Advance(TimeSpan.FromSeconds(1));
        await LockAsync(Elsewhere, "alice");
        Assert.AreEqual(3, await attempts.SweepAsync(1, CancellationToken.None));
        (await TryAsync(Elsewhere, "alice")).ShouldBe(429, "account.locked");
        (await TryAsync(Here, "alice")).ShouldBe(200);
    }

    private static Dictionary<string, string> Settings() => new() { ["Proxies:Trusted:0"] = "127.0.0.1" };

    private SampleImApp MakeApp() => new(Settings(), _clock, _dataPath, _database);

    private Task<Answer[]> LockAsync(string network, string username, ApiUser? by = null) =>
        TryOftenAsync(10, network, username, by);

    private Task<Answer[]> TryOftenAsync(int times, string network, string username, ApiUser? by = null) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(_ => TryAsync(network, username, "wrong", by)));

    private Task<Answer> TryAsync(
        string network, string username, string password = ApiUser.FirstPassword, ApiUser? by = null, SampleImApp? app = null) =>
        (by ?? (app ?? _app).Anonymous()).AskAsync(
            HttpMethod.Post, "/api/account/login", JsonContent.Create(new { username, password }),
            request => request.Headers.Add("X-Forwarded-For", network));

    private static Task<Answer> ChangeAsync(
        ApiUser user, string currentPassword = ApiUser.FirstPassword, string newPassword = NewPassword) =>
        user.PostAsync("/api/account/password", new { currentPassword, newPassword });
}
