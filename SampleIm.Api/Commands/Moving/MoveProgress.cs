using System.Globalization;

namespace SampleIm.Api.Commands.Moving;

/// <summary>Shows how far a move is: a bar on a terminal; where the output goes to a file, a line now and then.</summary>
public sealed class MoveProgress(TextWriter output, bool isTerminal)
{
    private const int BarLength = 30;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(isTerminal ? 0.1 : 5);
    private string _what = "";
    private long _total;
    private long _rows;
    private long _shownAt;
    private bool _isOnLine;

    public void Say(string line) => output.WriteLine(line);

    /// <param name="what">What is done now.</param>
    /// <param name="total">Of how many rows, as far as it is known beforehand.</param>
    public void Begin(string what, long total)
    {
        (_what, _total, _rows) = (what, total, 0);
        _shownAt = TimeProvider.System.GetTimestamp();
    }

    public void Advance(long rows)
    {
        _rows += rows;
        if (TimeProvider.System.GetElapsedTime(_shownAt) >= _interval)
        {
            Show();
        }
    }

    public void End()
    {
        _total = _rows;
        Show();
        Leave();
    }

    /// <summary>Leaves the line of the bar, so that something else can be said, also where it has not come to its end.</summary>
    public void Leave()
    {
        if (_isOnLine)
        {
            output.WriteLine();
        }

        _isOnLine = false;
    }

    private void Show()
    {
        _shownAt = TimeProvider.System.GetTimestamp();
        var part = _total == 0 ? 1 : Math.Min(1, (double)_rows / _total);
        var text = string.Create(CultureInfo.InvariantCulture, $"{part,4:0%}  {_rows:N0} of {_total:N0}");
        if (!isTerminal)
        {
            output.WriteLine($"{_what,-24}{text}");
            return;
        }

        var bar = new string('#', (int)(part * BarLength)).PadRight(BarLength, '.');
        // Back to the line's beginning; blanks over the rest of a longer text before.
        output.Write($"\r{_what,-24}[{bar}] {text}   ");
        _isOnLine = true;
    }
}
