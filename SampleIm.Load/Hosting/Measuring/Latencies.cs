using System.Diagnostics;
using System.Numerics;

namespace SampleIm.Load.Hosting.Measuring;

/// <summary>
/// Counts times in steps of less than 1 %, in the same little memory for ten as for ten million. Several threads may add.
/// </summary>
public sealed class Latencies
{
    private const int StepBits = 7;
    private const int Steps = 1 << StepBits;
    private const long LongestUs = 1L << 36;

    private readonly long[] _counts = new long[(36 - StepBits + 2) * Steps];
    private long _longestUs;

    public long Count => _counts.Sum();

    /// <param name="stopwatchTicks">A difference of two <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Add(long stopwatchTicks)
    {
        var us = Math.Clamp((long)Math.Round(stopwatchTicks * 1_000_000.0 / Stopwatch.Frequency), 0, LongestUs);
        Interlocked.Increment(ref _counts[StepOf(us)]);
        if (us > Volatile.Read(ref _longestUs))
        {
            RaiseLongest(us);
        }
    }

    /// <summary>p50, p90, p99 and the longest.</summary>
    public LatencySummary Summarise() => new(At(0.5), At(0.9), At(0.99), Milliseconds(_longestUs));

    private double At(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        for (var step = 0; step < _counts.Length && left > 0; step++)
        {
            left -= _counts[step];
            if (left <= 0)
            {
                return Milliseconds(Math.Min(TopOf(step), _longestUs));
            }
        }

        return 0;
    }

    private void RaiseLongest(long us)
    {
        for (var longest = Volatile.Read(ref _longestUs); us > longest;)
        {
            longest = Interlocked.CompareExchange(ref _longestUs, us, longest);
        }
    }

    private static int StepOf(long us)
    {
        if (us < Steps)
        {
            return (int)us;
        }

        var doubling = BitOperations.Log2((ulong)us) - StepBits;
        return (doubling * Steps) + (int)(us >> doubling);
    }

    /// <summary>The longest time that counts in this step.</summary>
    private static long TopOf(int step)
    {
        if (step < 2 * Steps)
        {
            return step;
        }

        var doubling = (step / Steps) - 1;
        return (((long)(step - (doubling * Steps)) + 1) << doubling) - 1;
    }

    private static double Milliseconds(long us) => Math.Round(us / 1000.0, 2);
}

/// <summary>Latencies in milliseconds.</summary>
public sealed record LatencySummary(double P50, double P90, double P99, double Max)
{
    public override string ToString() => FormattableString.Invariant($"p50 {P50} ms, p90 {P90} ms, p99 {P99} ms, max {Max} ms");
}
