using SampleIm.Tests.Running;


namespace SampleIm.Tests.People.Presence;

[TestClass]
public sealed class PresenceTests
{
    private static readonly TimeSpan s_almostTheWindow = TimeSpan.FromMilliseconds(2900);

    private static readonly TimeSpan s_theWindow = TimeSpan.FromMilliseconds(3001);

    private readonly TestClock _clock = new();
    private SampleImApp _app = null!;

    [TestInitialize]
    public void Start() => _app = new SampleImApp(clock: _clock);

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Online_ListsWhoeverAskedWithinTheWindowInOrderOfArrival()
    {
        var (anna, ben) = (await _app.RegisterAsync("anna", "Anna"), await _app.RegisterAsync("ben"));
        await ben.TotalAsync();
        await anna.TotalAsync();
        await ben.TotalAsync();
        CollectionAssert.AreEqual(new[] { "ben", "anna" }, await OnlineAsync(anna));
        var seen = (await anna.TotalAsync()).Online[1];
        Assert.AreEqual(("anna", "Anna", null), (seen.Username, seen.DisplayName, seen.AvatarUrl));
    }

    [TestMethod]
    public async Task Online_EveryAuthenticatedRequestKeepsThePlace()
    {
        var (anna, ben) = (await _app.RegisterAsync("anna"), await _app.RegisterAsync("ben"));
        await anna.TotalAsync();
        for (var round = 0; round < 3; round++)
        {
            _clock.Advance(s_almostTheWindow);
            await anna.GetAsync("/api/account");
        }

        CollectionAssert.AreEqual(new[] { "anna", "ben" }, await OnlineAsync(ben));
    }

    [TestMethod]
    public async Task Online_WhoeverStaysAway_LeavesAlthoughOthersLookAtTheList()
    {
        var (anna, ben) = (await _app.RegisterAsync("anna"), await _app.RegisterAsync("ben"));
        await anna.TotalAsync();
        for (var look = 0; look < 3; look++)
        {
            CollectionAssert.AreEqual(new[] { "anna", "ben" }, await OnlineAsync(ben));
            await ben.GetAsync("/api/users/anna");
            _clock.Advance(TimeSpan.FromMilliseconds(900));
        }

        _clock.Advance(TimeSpan.FromMilliseconds(400));
        CollectionAssert.AreEqual(new[] { "ben" }, await OnlineAsync(ben));
    }

    [TestMethod]
    public async Task Online_SignOut_FreesThePlaceAtOnce()
    {
        var (anna, ben) = (await _app.RegisterAsync("anna"), await _app.RegisterAsync("ben"));
        await anna.TotalAsync();
        await anna.PostAsync("/api/account/logout");
        CollectionAssert.AreEqual(new[] { "ben" }, await OnlineAsync(ben));
    }

    [TestMethod]
    public async Task Online_WhenFull_ANewcomerChatsButIsListedOnlyWhenAPlaceIsFree()
    {
        var users = new List<ApiUser>();
        for (var index = 0; index < 20; index++)
        {
            users.Add(await _app.RegisterAsync($"guest{index:00}"));
            Assert.IsFalse((await users[0].TotalAsync()).OnlineFull && index < 19);
            await users[index].TotalAsync();
        }

        var newcomer = await _app.RegisterAsync("newcomer");
        var total = await newcomer.TotalAsync();
        Assert.IsTrue(total.OnlineFull);
        Assert.HasCount(20, total.Online);
        Assert.IsFalse(total.Online.Any(user => user.Username == "newcomer"));
        await newcomer.SendAsync("lobby", "I can talk");

        await users[7].PostAsync("/api/account/logout");
        Assert.AreEqual("newcomer", (await OnlineAsync(newcomer))[^1]);
        Assert.HasCount(20, await OnlineAsync(users[0]));
    }

    [TestMethod]
    public async Task Online_WhenFull_NobodyWhoKeepsAskingLosesThePlace()
    {
        using var app = new SampleImApp(new() { ["Presence:Capacity"] = "2" }, _clock);
        var (anna, ben, carl) = (
            await app.RegisterAsync("anna"), await app.RegisterAsync("ben"), await app.RegisterAsync("carl"));
        foreach (var user in new[] { anna, ben, carl })
        {
            await user.TotalAsync();
        }

        for (var second = 0; second < 5; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            foreach (var user in new[] { carl, ben, anna })
            {
                CollectionAssert.AreEqual(new[] { "anna", "ben" }, await OnlineAsync(user));
            }
        }

        _clock.Advance(s_theWindow);
        CollectionAssert.AreEqual(new[] { "carl" }, await OnlineAsync(carl));
    }

    [TestMethod]
    public async Task Users_ShowWhoIsOnline()
    {
        var (anna, ben) = (await _app.RegisterAsync("anna"), await _app.RegisterAsync("ben"));
        await ben.TotalAsync();
        _clock.Advance(s_theWindow);
        var found = await anna.GetAsync("/api/users?query=");
        var online = found.Element.GetProperty("users").EnumerateArray().ToDictionary(
            user => user.GetProperty("username").GetString()!, user => user.GetProperty("online").GetBoolean());
        Assert.IsTrue(online["anna"]);
        Assert.IsFalse(online["ben"]);
        Assert.IsFalse((await anna.GetAsync("/api/users/ben")).Element.GetProperty("online").GetBoolean());
    }

    private static async Task<string[]> OnlineAsync(ApiUser viewer) =>
        (await viewer.TotalAsync()).Online.Select(user => user.Username).ToArray();
}
