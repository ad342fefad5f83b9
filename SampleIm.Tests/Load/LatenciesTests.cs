using System.Diagnostics;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class LatenciesTests
{
    [TestMethod]
    public void Latencies_AreRightToOnePercent()
    {
        var latencies = new Latencies();
        foreach (var ms in Enumerable.Range(1, 1000))
        {
            latencies.Add(ms * Stopwatch.Frequency / 1000);
        }

        var summary = latencies.Summarise();
        Assert.AreEqual(1000, latencies.Count);
        Assert.AreEqual(500, summary.P50, 5);
        Assert.AreEqual(900, summary.P90, 9);
        Assert.AreEqual(990, summary.P99, 9.9);
        Assert.AreEqual(1000, summary.Max);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(127)]
    [DataRow(128)]
    [DataRow(255)]
    [DataRow(256)]
    [DataRow(1_000_003)]
    [DataRow(600_000_000)]
    public void Latencies_OfOneTime_AreThatTime(long us)
    {
        var latencies = new Latencies();
        latencies.Add(us * Stopwatch.Frequency / 1_000_000);
        var ms = Math.Round(us / 1000.0, 2);
        Assert.AreEqual(new LatencySummary(ms, ms, ms, ms), latencies.Summarise());
    }

    [TestMethod]
    public void Latencies_OfNothing_AreNought() => Assert.AreEqual(new LatencySummary(0, 0, 0, 0), new Latencies().Summarise());
}
