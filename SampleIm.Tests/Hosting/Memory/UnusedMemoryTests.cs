using Microsoft.Extensions.Hosting;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Memory;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
[DoNotParallelize]
public sealed class UnusedMemoryTests
{
    [TestMethod]
    public void Memory_IsGivenBackOnceAndAgainOnlyAfterItHasGrown()
    {
        using var unused = new UnusedMemory(new ManualClock());
        Assert.IsTrue(unused.GiveBack(), "What the start has left behind.");
        Assert.IsFalse(unused.GiveBack(), "Nothing has grown: it would stop the program for nothing.");

        var growth = new byte[Environment.WorkingSet];
        // What was never written takes no memory.
        Array.Fill(growth, (byte)1);
        Assert.IsTrue(unused.GiveBack());
        GC.KeepAlive(growth);
    }

    [TestMethod]
    public void TheServer_GivesBackByItself()
    {
        using var app = new SampleImApp();
        Assert.HasCount(1, app.Get<IEnumerable<IHostedService>>().OfType<UnusedMemory>());
    }
}
