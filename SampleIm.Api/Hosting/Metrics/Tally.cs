using System.Numerics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>A count that many threads raise at once: each core has a cell of its own, so that none waits for another's cache line.</summary>
public sealed class Tally
{
    private const int LongsInALine = 16;

    private static readonly int s_mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16)) - 1;

    /// <summary>The first line is the array's own length.</summary>
    private readonly long[] _cells = new long[(s_mask + 2) * LongsInALine];

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var at = LongsInALine; at < _cells.Length; at += LongsInALine)
            {
                sum += Interlocked.Read(ref _cells[at]);
            }

            return sum;
        }
    }

    public void Increment() => Interlocked.Increment(ref _cells[((Thread.GetCurrentProcessorId() & s_mask) + 1) * LongsInALine]);
}
