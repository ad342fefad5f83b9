using System.Globalization;
using SampleIm.Load.Hosting.Measuring;


namespace SampleIm.Load.Hosting.Limit;

/// <summary>One turn of one server.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="CpuUs">Microseconds of the server's CPU for each; null where its process was not found.</param>
/// <param name="NotModifiedPercent">How many of the answers were 304, of 100.</param>
/// <param name="AllocatedBytes">What the server allocated for each; null where it does not tell.</param>
public sealed record Turn(double PerSecond, double? CpuUs, double NotModifiedPercent, double? AllocatedBytes);

/// <summary>The poll beside the bare endpoint.</summary>
/// <param name="Status">What the poll answers.</param>
/// <param name="Connections">How many ask at once.</param>
/// <param name="BodyBytes">How long the body of both answers is.</param>
/// <param name="BarPercent">What is asked for.</param>
/// <param name="Percent">The poll's rate of 100 of the bare endpoint's: the median over the rounds.</param>
/// <param name="Bare">The bare endpoint, turn by turn.</param>
/// <param name="Polls">The poll, turn by turn.</param>
/// <param name="Errors">What went wrong.</param>
public sealed record LimitComparison(
    int Status, int Connections, long BodyBytes, double BarPercent, double Percent, IReadOnlyList<Turn> Bare,
    IReadOnlyList<Turn> Polls, IReadOnlyDictionary<string, long> Errors)
{
    public double BarePerSecond => Median(Bare.Select(turn => turn.PerSecond));

    public double PollsPerSecond => Median(Polls.Select(turn => turn.PerSecond));

    public double? BareAllocatedBytes => MedianOf(Bare, turn => turn.AllocatedBytes);

    public double? PollAllocatedBytes => MedianOf(Polls, turn => turn.AllocatedBytes);

    public double? BareCpuUs => MedianOf(Bare, turn => turn.CpuUs);

    public double? PollCpuUs => MedianOf(Polls, turn => turn.CpuUs);

    /// <summary>Whether the bar was met, by answers that were what they had to be.</summary>
    public bool IsGood => Percent >= BarPercent && Errors.Count == 0 && HasRightAnswers;

    /// <summary>A few polls are 200 where people come and go between the turns; more would not measure a 304.</summary>
    private bool HasRightAnswers =>
        Polls.All(turn => Status == 304 ? turn.NotModifiedPercent >= 99 : turn.NotModifiedPercent == 0);

    public void Say(Progress progress)
    {
        progress.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Status} at {Connections} connections, {BodyBytes} bytes: {Percent:0.0} % of the bare endpoint's rate (at least "
            + $"{BarPercent} %: {(Percent >= BarPercent ? "met" : "missed")})"));
        progress.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  bare {BarePerSecond:0} a second, {BareCpuUs:0.0} µs of CPU each; polls {PollsPerSecond:0} a second, "
                + $"{PollCpuUs:0.0} µs each"));
        progress.Say(PollAllocatedBytes is null
            ? "  allocated: the server does not tell; start it with --Metrics:Addresses:0=127.0.0.1"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"  allocated: bare {BareAllocatedBytes:0} bytes each; polls {PollAllocatedBytes:0} bytes each"));
        progress.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"  rounds: {string.Join(", ", Bare.Zip(Polls, DescribeRound))}; errors: {Errors.Count}"));
        if (!HasRightAnswers)
        {
            progress.Say(
                $"  Not every answer was {Status}: {string.Join(
                    ", ", Polls.Select(turn => FormattableString.Invariant($"{turn.NotModifiedPercent} %")))} were 304.");
        }
    }

    private static string DescribeRound(Turn bare, Turn poll) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * poll.PerSecond / bare.PerSecond:0.0} %");

    private static double? MedianOf(IReadOnlyList<Turn> turns, Func<Turn, double?> figure) =>
        figure(turns[0]) is null ? null : Median(turns.Select(turn => figure(turn)!.Value));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
