using System.Diagnostics;

namespace SampleIm.Load.Hosting.Measuring;

/// <summary>
/// What a run does at the moment: one line that is written over each second, or plain lines every ten where nobody looks on.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="isRedirected">Whether lines cannot be written over.</param>
public sealed class Progress(TextWriter output, bool isRedirected)
{
    private const int RedirectedEveryS = 10;

    private readonly Lock _lock = new();
    private long _shownAt;
    private int _shownLength;

    /// <summary>
    /// Shows where it goes on, unless that was just done. May be called as often as one likes, from any thread.
    /// </summary>
    public void ShowNowAndThen(string line)
    {
        lock (_lock)
        {
            if (_shownAt != 0 && Stopwatch.GetElapsedTime(_shownAt).TotalSeconds < (isRedirected ? RedirectedEveryS : 1) - 0.1)
            {
                return;
            }

            _shownAt = Stopwatch.GetTimestamp();
            if (isRedirected)
            {
                output.WriteLine(line);
                return;
            }

            output.Write($"\r{line.PadRight(_shownLength)}");
            _shownLength = line.Length;
        }
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            if (_shownLength > 0)
            {
                output.Write($"\r{new string(' ', _shownLength)}\r");
                _shownLength = 0;
            }

            output.WriteLine(line);
        }
    }
}
