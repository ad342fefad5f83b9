using System.Globalization;

namespace SampleIm.Api.Chat.Total;

/// <summary>
/// How often clients should ask: once a second, less often while the server cannot keep up. Raised fast and lowered slowly,
/// so that a server at its limit settles instead of swinging.
/// </summary>
public sealed class PollPace
{
    /// <summary>Seconds. Longer ones would drop people out of the online list between two polls.</summary>
    public const double LongestS = 2.5;

    private const double ShortestS = 1;
    private const double RaisedBy = 1.25;
    private const double LoweredBy = 0.95;

    /// <summary>Later than this, anyone who asks notices that the server is slow.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan s_onTime = TimeSpan.FromMilliseconds(10);

    private double _seconds = ShortestS;
    private string _header = Format(ShortestS);

    /// <summary>Value of the header <c>X-Poll-Interval</c>: seconds, with a point and at most two decimals.</summary>
    public string Header => Volatile.Read(ref _header);

    /// <summary>To be called once a second.</summary>
    /// <param name="lateness">How long work that came in had to wait lately before anything was done for it.</param>
    public void Note(TimeSpan lateness)
    {
        _seconds = lateness > s_late ? _seconds * RaisedBy : lateness < s_onTime ? _seconds * LoweredBy : _seconds;
        _seconds = Math.Clamp(_seconds, ShortestS, LongestS);
        Volatile.Write(ref _header, Format(_seconds));
    }

    private static string Format(double seconds) => seconds.ToString("0.##", CultureInfo.InvariantCulture);
}
