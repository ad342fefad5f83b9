namespace SampleIm.Load.Faults;

/// <summary>
/// What is wrong with the server, as it was found. A fault that goes on is found again and again: each is named once, and not too
/// many.
/// </summary>
public sealed class Findings
{
    private const int MostNamed = 50;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, bool> _named = [];
    private int _more;

    public void Add(string fault)
    {
        lock (_lock)
        {
            if (_named.Count < MostNamed)
            {
                _named[fault] = true;
            }
            else if (!_named.ContainsKey(fault))
            {
                _more++;
            }
        }
    }

    public IReadOnlyList<string> ToList()
    {
        lock (_lock)
        {
            return _more == 0 ? [.. _named.Keys] : [.. _named.Keys, $"and {_more} more"];
        }
    }
}
