using SampleIm.Api.People.Accounts;


namespace SampleIm.Api.Chat.Conversations.InMemory;

/// <summary>One conversation in one user's view.</summary>
/// <param name="Id">The conversation.</param>
/// <param name="Slug">Of a room, else null.</param>
/// <param name="RoomTitle">Of a room, else null.</param>
/// <param name="Peer">The other side of a direct conversation, else null.</param>
/// <param name="Head">Shared with everybody who sees the conversation.</param>
/// <param name="CreatedAt">Its place in the list before the first message.</param>
/// <param name="ReadSeq">The user's cursor.</param>
public sealed record ViewEntry(
    long Id, string? Slug, string? RoomTitle, KnownUser? Peer, ConversationHead Head, DateTimeOffset CreatedAt, long ReadSeq)
{
    /// <summary>The conversation's id as the user writes it.</summary>
    public string Name { get; } = Peer is null ? Slug! : ConversationId.OfDirect(Peer.Username);

    public string Kind => Peer is null ? ConversationKinds.Room : ConversationKinds.Direct;

    public string Title => Peer is null ? RoomTitle! : Peer.DisplayName;

    public long UnreadOf(HeadState head) => head.UnreadAfter(ReadSeq);

    public ConversationPlace ToPlace() =>
        new() { ConversationId = Id, PeerId = Peer?.Id, Name = Peer?.Username ?? Slug!, Title = Title, IsMember = true };

    public ConversationResponse Respond()
    {
        var head = Head.State;
        return new(Name, Kind, Title, head.LastSeq, head.Version, ReadSeq, UnreadOf(head), head.Last?.ToPreview());
    }
}

/// <summary>What a view shows at one moment.</summary>
/// <param name="Entries">In no order.</param>
/// <param name="Version">Another number whenever anything in the entries has changed.</param>
public sealed record ViewState(IReadOnlyCollection<ViewEntry> Entries, long Version);

/// <summary>The conversations and cursors of one user who polls.</summary>
public sealed class UserView(long userId)
{
    private readonly Lock _lock = new();
    private ViewEntry[]? _entries;
    private RenderedView _rendered = new(new ViewStamp(-1, -1, -1), 0, null);
    private long _version;
    private long _changes;

    public long UserId { get; } = userId;

    /// <summary>One load at a time.</summary>
    public SemaphoreSlim Loading { get; } = new(1, 1);

    /// <summary>The last answer to the poll, kept for the next one.</summary>
    public RenderedView Rendered
    {
        get
        {
            lock (_lock)
            {
                return _rendered;
            }
        }

        set
        {
            lock (_lock)
            {
                _rendered = value;
            }
        }
    }

    /// <summary>
    /// Counts everything that happened to this view. A load reads it first; where it has moved when the load is done, what
    /// was read may be older than the change, and is read again.
    /// </summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Another number whenever anything that the view shows has changed; null where it has to be loaded first.</summary>
    public long? Version
    {
        get
        {
            lock (_lock)
            {
                return _entries is null ? null : _version + HeadChanges();
            }
        }
    }

    /// <summary>What the view shows; null where it has to be loaded first.</summary>
    public ViewState? Read()
    {
        lock (_lock)
        {
            return _entries is null ? null : new ViewState(_entries, _version + HeadChanges());
        }
    }

    public bool TryReplace(IEnumerable<ViewEntry> entries, long changesBefore)
    {
        lock (_lock)
        {
            if (_changes != changesBefore)
            {
                return false;
            }

            _entries = [.. entries];
            return true;
        }
    }

    public void MarkRead(long conversationId, long seq)
    {
        lock (_lock)
        {
            _changes++;
            if (_entries is not null && PlaceOf(conversationId) is >= 0 and var place && _entries[place].ReadSeq < seq)
            {
                // What was read before keeps what it shows.
                _entries = [.. _entries];
                _entries[place] = _entries[place] with { ReadSeq = seq };
                _version++;
            }
        }
    }

    /// <summary>Something was said in a conversation: where the view does not show it yet, it has to be loaded again.</summary>
    public void Notice(long conversationId)
    {
        lock (_lock)
        {
            _changes++;
            if (_entries is not null && PlaceOf(conversationId) < 0)
            {
                // The new entries may have changed less often than the ones that go: what these counted is kept.
                _version += HeadChanges() + 1;
                _entries = null;
            }
        }
    }

    private int PlaceOf(long conversationId) => Array.FindIndex(_entries!, entry => entry.Id == conversationId);

    private long HeadChanges()
    {
        var changes = 0L;
        foreach (var entry in _entries!)
        {
            changes += entry.Head.State.Changes;
        }

        return changes;
    }
}
