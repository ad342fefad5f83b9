using SampleIm.Api.People.Accounts;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Storage;

/// <summary>Somebody sets the machine's clock back by an hour.</summary>
[TestClass]
public sealed class ClockSetBackTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly MachineClock _clock = new();

    [TestMethod]
    public async Task Messages_KeepTheirOrder_WhateverTheirTimes()
    {
        using var app = new SampleImApp(clock: _clock);
        var (alice, bob) = (await app.RegisterAsync("alice"), await app.RegisterAsync("bob"));
        var before = await alice.SendAsync("lobby", "before");
        var version = (await bob.NewAsync("lobby")).Version;
        _clock.SetBack(s_hour);

        var after = await bob.SendAsync("lobby", "after");
        (await alice.PatchAsync("/api/conversations/lobby/messages/1", new { text = "edited" })).ShouldBe(200);
        Assert.AreEqual((before.Seq + 1, true), (after.Seq, after.SentAt < before.SentAt));
        Assert.AreEqual(
            "after|edited", string.Join('|', (await bob.NewAsync("lobby", version)).Messages.Select(message => message.Text)));
        Assert.AreEqual(
            "edited|after", string.Join('|', (await bob.HistoryAsync("lobby")).Messages.Select(message => message.Text)));
        var lobby = (await alice.TotalAsync()).Conversations.Single();
        Assert.AreEqual((2L, 3L, 1L, "after"), (lobby.LastSeq, lobby.Version, lobby.Unread, lobby.LastMessage!.Text));
    }

    [TestMethod]
    public async Task PeopleWhoAreOnline_StayOnline_AndStillLeaveInTheirTime()
    {
        using var app = new SampleImApp(clock: _clock);
        var (alice, bob) = (await app.RegisterAsync("alice"), await app.RegisterAsync("bob"));
        await alice.TotalAsync();
        await bob.TotalAsync();
        _clock.SetBack(s_hour);
        CollectionAssert.AreEqual(
            new[] { "alice", "bob" }, (await alice.TotalAsync()).Online.Select(person => person.Username).ToList());
        _clock.Advance(TimeSpan.FromSeconds(3.5));
        CollectionAssert.AreEqual(
            new[] { "alice" }, (await alice.TotalAsync()).Online.Select(person => person.Username).ToList());
    }

    [TestMethod]
    public async Task Sessions_StayValid_AndEndWhenTheyAreEnded()
    {
        using var app = new SampleImApp(clock: _clock);
        var alice = await app.RegisterAsync("alice");
        var (byToken, _) = await alice.SignInByTokenAsync();
        _clock.SetBack(s_hour);
        (await alice.GetAsync("/api/account")).ShouldBe(200);
        (await byToken.GetAsync("/api/account")).ShouldBe(200);
        var elsewhere = await alice.SignInElsewhereAsync();
        (await elsewhere.PostAsync("/api/account/logout")).ShouldBe(204);
        (await elsewhere.GetAsync("/api/account")).ShouldBe(401, "account.signInRequired");
        (
            await alice.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = "another battery horse" })).ShouldBe(204);
        (await byToken.GetAsync("/api/account")).ShouldBe(401, "account.signInRequired");
    }

    [TestMethod]
    [DataRow(true, DisplayName = "an account")]
    [DataRow(false, DisplayName = "a name that nobody has")]
    public async Task ALock_DoesNotLastAnHourLonger(bool exists)
    {
        using var app = new SampleImApp(clock: _clock);
        if (exists)
        {
            await app.RegisterAsync("carol");
        }

        await LockAsync(app);
        (await TryAsync(app)).ShouldBe(429, "account.locked");
        _clock.SetBack(s_hour);
        (await TryAsync(app)).ShouldBe(401, "account.badCredentials");
    }

    private static async Task LockAsync(SampleImApp app)
    {
        for (var failure = 0; failure < AccountSetup.MostFailures; failure++)
        {
            await TryAsync(app);
        }
    }

    private static Task<Answer> TryAsync(SampleImApp app) =>
        app.Anonymous().PostAsync("/api/account/login", new { username = "carol", password = "wrong battery horse" });

    /// <summary>Set back, it shows another time, and none has passed: what measures time runs on.</summary>
    private sealed class MachineClock : TestClock
    {
        private TimeSpan _setBack;

        public void SetBack(TimeSpan time) => _setBack += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - _setBack;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
