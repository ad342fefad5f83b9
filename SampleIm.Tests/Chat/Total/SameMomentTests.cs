using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Total;

/// <summary>
/// Two first requests of the same user at the same moment: what memory keeps of them is one thing, and can be ended.
/// </summary>
[TestClass]
public sealed class SameMomentTests
{
    private const int Tries = 1000;

    private SampleImApp _app = null!;

    [TestInitialize]
    public void Start() => _app = new SampleImApp();

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task View_IsOneForEachUser()
    {
        await _app.RegisterAsync();
        var found = await AtOnceAsync(user => _app.Get<Views>().GetAsync(1000 + user, CancellationToken.None).AsTask());
        Assert.IsTrue(found.TrueForAll(pair => ReferenceEquals(pair.First.View, pair.Second.View)));
    }

    [TestMethod]
    public async Task Session_ThatIsLoadedTwice_EndsWithAPasswordChange()
    {
        var alice = await _app.RegisterAsync();
        await _app.ExecuteAsync("""
            INSERT INTO sessions (id, user_id, security_stamp, created_at, expires_at)
            SELECT @id, id, security_stamp, 0, 9999999999999 FROM users
            """, Enumerable.Range(0, Tries).Select(number => new { id = IdOf(number) }));
        var sessions = _app.Get<Sessions>();
        await AtOnceAsync(number => sessions.FindAsync(IdOf(number), CancellationToken.None).AsTask());
        (
            await alice.PostAsync(
                "/api/account/password",
                new { currentPassword = ApiUser.FirstPassword, newPassword = "another good horse" })).ShouldBe(204);
        for (var number = 0; number < Tries; number++)
        {
            Assert.IsNull(await sessions.FindAsync(IdOf(number), CancellationToken.None));
        }
    }

    private static string IdOf(int number) => $"{number:x32}";

    /// <summary>Does the same on two threads, again and again, each time at the same moment.</summary>
    private static async Task<List<(T First, T Second)>> AtOnceAsync<T>(Func<int, Task<T>> find)
    {
        using var barrier = new Barrier(2);
        var threads = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() =>
        {
            var found = new List<T>(Tries);
            for (var number = 0; number < Tries; number++)
            {
                barrier.SignalAndWait();
                found.Add(find(number).GetAwaiter().GetResult());
            }

            return found;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        var both = await Task.WhenAll(threads);
        return [.. both[0].Zip(both[1])];
    }
}
