using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// What Kestrel reads into and writes from. Its own pool keeps every block that it ever had, but for a few in ten seconds: one
/// second of standstill while 10,000 users poll, and 40 MB are gone for minutes. This one keeps what a busy second needs,
/// and the garbage collector gets the rest.
/// </summary>
public sealed class NetworkBuffers : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private const int BlockBytes = 4096;

        /// <summary>Kestrel makes a pool for each of its socket loops, one a processor.</summary>
        private const int MostKept = 256;

        private readonly ConcurrentQueue<Block> _kept = new();
        private int _count;

        public override int MaxBufferSize => BlockBytes;

        /// <summary>A whole block, whatever is asked for: Kestrel asks for no bytes and expects some.</summary>
        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
            if (!_kept.TryDequeue(out var block))
            {
                return new Block(this);
            }

            Interlocked.Decrement(ref _count);
            return block;
        }

        protected override void Dispose(bool disposing) => _kept.Clear();

        private void Return(Block block)
        {
            if (Interlocked.Increment(ref _count) <= MostKept)
            {
                _kept.Enqueue(block);
            }
            else
            {
                Interlocked.Decrement(ref _count);
            }
        }

        private sealed class Block(Pool pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes);

            public void Dispose() => pool.Return(this);
        }
    }
}
