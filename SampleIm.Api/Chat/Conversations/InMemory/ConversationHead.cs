using System.Text.Json;
using SampleIm.Api.People.Accounts;

namespace SampleIm.Api.Chat.Conversations.InMemory;

/// <summary>The last message of a conversation as previews need it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Version">Of its last change.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Kind"><c>text</c>, <c>image</c> or <c>recalled</c>.</param>
/// <param name="Text">The beginning of its text.</param>
/// <param name="SentAt">When it was sent.</param>
public sealed record LastMessage(long Seq, long Version, KnownUser Sender, string Kind, string? Text, DateTimeOffset SentAt)
{
    public MessagePreview ToPreview() => new(Sender.DisplayName, Sender.Username, Kind, Text, SentAt);
}

/// <summary>How far a conversation has come.</summary>
/// <param name="LastSeq">Number of the last message.</param>
/// <param name="Version">Counts the conversation's changes, in the database.</param>
/// <param name="Last">The last message.</param>
/// <param name="Recalled">
/// Numbers of recalled messages, in order: at least those beyond the cursor of each user who sees this.
/// </param>
/// <param name="Changes">Counts the changes of this state, here: two states with the same number are the same.</param>
public sealed record HeadState(long LastSeq, long Version, LastMessage? Last, long[] Recalled, long Changes)
{
    /// <summary>How many messages follow on this one. What was recalled is nothing to read.</summary>
    public long UnreadAfter(long seq) => Math.Max(0, LastSeq - seq - (PlaceAfter(LastSeq) - PlaceAfter(seq)));

    private int PlaceAfter(long seq)
    {
        var place = Array.BinarySearch(Recalled, seq);
        return place < 0 ? ~place : place + 1;
    }
}

/// <summary>
/// The newest state of a conversation that this process knows of. States are merged by taking the higher of each part, so
/// it does not matter in which order commits and database reads arrive: nothing ever moves backwards.
/// </summary>
public sealed class ConversationHead
{
    private readonly Lock _lock = new();
    private HeadState _state = new(0, 0, null, [], 0);

    private RenderedPreview? _preview;

    public HeadState State => Volatile.Read(ref _state);

    /// <summary>Whether the database was read after the moment from which commits reach this head.</summary>
    public bool IsLoaded { get; set; }

    public void Merge(long lastSeq, long version, LastMessage? last, IReadOnlyCollection<long> recalled)
    {
        lock (_lock)
        {
            var merged = new HeadState(
                Math.Max(_state.LastSeq, lastSeq), Math.Max(_state.Version, version), Newer(_state.Last, last),
                    Union(_state.Recalled, recalled),
                _state.Changes);
            if (merged != _state)
            {
                Volatile.Write(ref _state, merged with { Changes = _state.Changes + 1 });
            }
        }
    }

    /// <summary>The preview of this head's last message as JSON, rendered once for all who see it.</summary>
    /// <param name="last">The message.</param>
    /// <param name="names">The version of the names by which it is rendered.</param>
    /// <param name="json">How.</param>
    public byte[] PreviewJson(LastMessage last, long names, JsonSerializerOptions json)
    {
        var preview = Volatile.Read(ref _preview);
        if (preview is null || preview.Names != names || !ReferenceEquals(preview.Message, last))
        {
            preview = new RenderedPreview(last, names, JsonSerializer.SerializeToUtf8Bytes(last.ToPreview(), json));
            Volatile.Write(ref _preview, preview);
        }

        return preview.Json;
    }

    private static LastMessage? Newer(LastMessage? known, LastMessage? other) =>
        known is null || (other is not null && (other.Seq, other.Version).CompareTo((known.Seq, known.Version)) > 0)
            ? other
            : known;

    /// <summary>The same array where nothing is new: then the state is the same.</summary>
    private static long[] Union(long[] known, IReadOnlyCollection<long> more) =>
        more.All(seq => Array.BinarySearch(known, seq) >= 0) ? known : [.. known.Union(more).Order()];

    private sealed record RenderedPreview(LastMessage Message, long Names, byte[] Json);
}
