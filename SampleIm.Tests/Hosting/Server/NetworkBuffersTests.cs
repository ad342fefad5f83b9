using System.Buffers;
using SampleIm.Api.Hosting.Server;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Server;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class NetworkBuffersTests
{
    private readonly MemoryPool<byte> _pool = new NetworkBuffers().Create();

    [TestCleanup]
    public void Stop() => _pool.Dispose();

    [TestMethod]
    public void Block_IsWhole_WhateverIsAskedFor()
    {
        Assert.AreEqual(_pool.MaxBufferSize, _pool.Rent().Memory.Length);
        Assert.AreEqual(_pool.MaxBufferSize, _pool.Rent(0).Memory.Length);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _pool.Rent(_pool.MaxBufferSize + 1));
    }

    [TestMethod]
    public void Blocks_AreGivenAgain_AndWhatABusySecondLeavesIsNotKept()
    {
        var first = Enumerable.Range(0, 1000).Select(_ => _pool.Rent()).ToHashSet();
        Assert.HasCount(1000, first, "No two have the same at once.");
        foreach (var block in first)
        {
            block.Dispose();
        }

        Assert.AreEqual(256, Enumerable.Range(0, 1000).Select(_ => _pool.Rent()).Count(first.Contains));
    }
}
