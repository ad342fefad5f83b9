namespace SampleIm.Load.Hosting.Measuring;

/// <summary>What became of the requests of one kind in a run.</summary>
/// <param name="Answered">Requests that were answered as wanted.</param>
/// <param name="PerSecond">Of them, a second.</param>
/// <param name="NotModifiedPercent">How many of the answers were 304, of 100.</param>
/// <param name="LatencyMs">From the moment when a request was due until its answer was there.</param>
/// <param name="GeneratorLateMs">
/// From the moment when a request was due until this program sent it: part of the latency, and not the server's.
/// </param>
/// <param name="Errors">How many requests were not answered as wanted, by what happened.</param>
/// <param name="BytesIn">Bytes of the answers.</param>
/// <param name="BytesOut">Bytes of the requests.</param>
public sealed record RequestFigures(
    long Answered, double PerSecond, double NotModifiedPercent, LatencySummary LatencyMs, LatencySummary GeneratorLateMs,
    IReadOnlyDictionary<string, long> Errors, long BytesIn, long BytesOut)
{
    public long ErrorCount => Errors.Values.Sum();

    public static RequestFigures Of(Tally tally, double seconds) => new(
        tally.Answered, Math.Round(tally.Answered / seconds, 1), tally.Answered == 0
            ? 0
            : Math.Round(100.0 * tally.NotModified / tally.Answered, 2),
        tally.Latencies.Summarise(), tally.Lateness.Summarise(), tally.ErrorsByKind, tally.BytesIn, tally.BytesOut);

    /// <summary>The errors in one line.</summary>
    public string DescribeErrors() =>
        Errors.Count == 0 ? "none" : string.Join(", ", Errors.Select(error => $"{error.Value} × {error.Key}"));
}
