namespace SampleIm.Load.Chat.Auditing;

/// <summary>
/// Holds what a reader got against what the server acknowledged: each acknowledged message is there once, under its number, with
/// its text; numbers come in order and without a gap; and no message of the run is there under two numbers. A message that was
/// sent and not acknowledged may be there or not. Nobody may edit or recall meanwhile, for that repeats numbers by right.
/// </summary>
public sealed class Audit
{
    private const int MostNamed = 10;

    private readonly string _run;
    private readonly Dictionary<long, SentMessage> _acknowledged = [];
    private readonly HashSet<long> _seen = [];
    private readonly HashSet<(int Sender, int Number)> _seenTexts = [];
    private readonly List<string> _named = [];
    private long _last;
    private int _faults;

    /// <param name="run">What the texts of the run begin with.</param>
    /// <param name="acknowledged">Every message that the server acknowledged.</param>
    /// <param name="lastSeq">The last number before the run.</param>
    public Audit(string run, IEnumerable<SentMessage> acknowledged, long lastSeq)
    {
        (_run, _last) = (run, lastSeq);
        foreach (var message in acknowledged)
        {
            if (!_acknowledged.TryAdd(message.Seq, message))
            {
                Fault(
                    $"{message.Seq} was acknowledged for '{_acknowledged[message.Seq].TextIn(run)}' and for "
                    + $"'{message.TextIn(run)}'");
            }
        }
    }

    /// <summary>The next message that the reader got.</summary>
    public void Read(SeenMessage message)
    {
        if (!_seen.Add(message.Seq))
        {
            Fault($"{message.Seq} came twice");
            return;
        }

        if (message.Seq != _last + 1)
        {
            Fault($"{message.Seq} came after {_last}");
        }

        _last = message.Seq;
        if (_acknowledged.TryGetValue(message.Seq, out var sent) && sent.TextIn(_run) is var text && text != message.Text)
        {
            Fault($"{message.Seq} has the text '{message.Text}', acknowledged was '{text}'");
        }

        if (SentMessage.TryRead(_run, message, out var own) && !_seenTexts.Add((own.Sender, own.Number)))
        {
            Fault($"{message.Seq} repeats '{message.Text}'");
        }
    }

    /// <summary>All that was found wrong: the first ten faults, and how many more there are. Empty is clean.</summary>
    public IReadOnlyList<string> Finish()
    {
        foreach (var lost in _acknowledged.Keys.Where(seq => !_seen.Contains(seq)).Order())
        {
            Fault($"{lost} was acknowledged and is not there");
        }

        return _faults > MostNamed ? [.. _named, $"and {_faults - MostNamed} more"] : _named;
    }

    private void Fault(string fault)
    {
        if (++_faults <= MostNamed)
        {
            _named.Add(fault);
        }
    }
}
