using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Counts of one kind, told apart by labels whose values are few. Anyone who counts often keeps the <see cref="Tally"/>.</summary>
public sealed class TallyFamily(string[] labels)
{
    private readonly ConcurrentDictionary<string, Member> _members = new();

    /// <param name="values">One for each label.</param>
    public Tally Of(params string[] values) => _members.GetOrAdd(string.Join('\n', values), _ => new Member(new Tally(), Tags(values))).Tally;

    public IEnumerable<Measurement<double>> Read() =>
        _members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => new Measurement<double>(member.Value.Tally.Value, member.Value.Tags));

    private KeyValuePair<string, object?>[] Tags(string[] values) =>
        [.. labels.Zip(values, (label, value) => new KeyValuePair<string, object?>(label, value))];

    private sealed record Member(Tally Tally, KeyValuePair<string, object?>[] Tags);
}
