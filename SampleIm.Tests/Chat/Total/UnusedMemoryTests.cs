using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SampleIm.Api.Chat.Total;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Total;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
[DoNotParallelize]
public sealed class UnusedMemoryTests
{
    [TestMethod]
    public void Memory_IsGivenBackOnceAndAgainOnlyAfterItHasGrown()
    {
        using var app = new SampleImApp();
        using var unused = new UnusedMemory(app.Get<PollMetrics>(), new FakeTimeProvider(DateTimeOffset.UtcNow));
        Assert.IsTrue(unused.GiveBack(), "What the start has left behind.");
        Assert.IsFalse(unused.GiveBack(), "Nothing has grown: it would stop the program for nothing.");

        var growth = new byte[Environment.WorkingSet];
        // What was never written takes no memory.
        Array.Fill(growth, (byte)1);
        Assert.IsTrue(unused.GiveBack());
        GC.KeepAlive(growth);
    }

    [TestMethod]
    public async Task Memory_IsNotGivenBackWhileSomebodyPolls()
    {
        using var app = new SampleImApp();
        using var unused = new UnusedMemory(app.Get<PollMetrics>(), new FakeTimeProvider(DateTimeOffset.UtcNow));
        var alice = await app.RegisterAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            await alice.TotalAsync();
            Assert.IsFalse(unused.GiveBack(), "The stop would be a poll's delay.");
        }

        Assert.IsTrue(unused.GiveBack(), "Nobody polls any more.");
    }

    [TestMethod]
    public void TheServer_GivesBackByItself()
    {
        using var app = new SampleImApp();
        Assert.HasCount(1, app.Get<IEnumerable<IHostedService>>().OfType<UnusedMemory>());
    }
}
