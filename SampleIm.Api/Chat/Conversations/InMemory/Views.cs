using Microsoft.Extensions.Caching.Memory;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Conversations.InMemory;

/// <summary>A committed change of one message, as it concerns everybody's view.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="DirectUsers">Both sides of a direct conversation; empty for a room.</param>
/// <param name="Message">The message after the change; its version is the conversation's.</param>
public sealed record MessageChange(long ConversationId, IReadOnlyList<long> DirectUsers, LastMessage Message);

/// <summary>
/// What the users who poll see, kept in memory: loaded at the first poll, forgotten ten minutes after the last one,
/// brought forward by every commit. docs/polling.md says why no commit is missed.
/// </summary>
public sealed class Views(ConversationStore store, KnownUsers known, ExpiringCaches caches) : IDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(10);

    /// <summary>For somebody else's load of the same view, which may hang.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _making = new();
    private readonly WeakMap<long, ConversationHead> _heads = new();
    private readonly MemoryCache _views = caches.Make();

    /// <summary>How many are in memory.</summary>
    public int Count => _views.Count;

    /// <summary>The user's view and what it shows now, loaded where it is not in memory.</summary>
    public async ValueTask<(UserView View, ViewState State)> GetAsync(long userId, CancellationToken cancellation)
    {
        if (!_views.TryGetValue(userId, out UserView? view))
        {
            view = Make(userId);
        }

        while (true)
        {
            if (view!.Read() is { } state)
            {
                return (view, state);
            }

            await LoadAsync(view, cancellation);
        }
    }

    /// <summary>
    /// What a path names, where it is one of the user's conversations and spelt as they are: known without SQL. Null where it
    /// has to be looked up. Anyone who writes there has to check the membership in the statement that writes.
    /// </summary>
    public async ValueTask<ConversationPlace?> LocateAsync(long userId, string name, CancellationToken cancellation)
    {
        var (_, state) = await GetAsync(userId, cancellation);
        return state.Entries.FirstOrDefault(entry => entry.Name == name)?.ToPlace();
    }

    /// <summary>To be called after the commit and before the answer.</summary>
    public void Apply(MessageChange change)
    {
        var message = change.Message;
        if (_heads.TryGet(change.ConversationId, out var head))
        {
            head.Merge(message.Seq, message.Version, message, message.Kind == MessageKinds.Recalled ? [message.Seq] : []);
        }

        Notice(change.ConversationId, change.DirectUsers);
    }

    /// <summary>Brings memory forward by what other servers have changed; what is known already changes nothing.</summary>
    public void Apply(RecentChanges changes)
    {
        foreach (var row in changes.Conversations)
        {
            if (_heads.TryGet(row.Id, out var head))
            {
                head.Merge(row.LastSeq, row.Version, LastOf(row), []);
            }

            Notice(row.Id, row.DirectLow is { } low && row.DirectHigh is { } high ? [low, high] : []);
        }

        foreach (var recalls in changes.Recalls.GroupBy(recall => recall.ConversationId))
        {
            if (_heads.TryGet(recalls.Key, out var head))
            {
                head.Merge(0, 0, null, [.. recalls.Select(recall => recall.Seq)]);
            }
        }

        foreach (var cursor in changes.Cursors)
        {
            MarkRead(cursor.UserId, cursor.ConversationId, cursor.ReadSeq);
        }
    }

    public void MarkRead(long userId, long conversationId, long seq)
    {
        if (_views.TryGetValue(userId, out UserView? view))
        {
            view!.MarkRead(conversationId, seq);
        }
    }

    public void Dispose() => _views.Dispose();

    /// <summary>
    /// One for each user, also for two requests at the same moment: commits reach the one in the cache and no other.
    /// </summary>
    private UserView Make(long userId)
    {
        lock (_making)
        {
            if (!_views.TryGetValue(userId, out UserView? view))
            {
                // Into the cache before anything is read, so that a commit during the read is noticed.
                view = new UserView(userId);
                _views.Set(userId, view, new MemoryCacheEntryOptions { SlidingExpiration = s_idle });
            }

            return view!;
        }
    }

    private void Notice(long conversationId, IReadOnlyList<long> userIds)
    {
        foreach (var userId in userIds)
        {
            if (_views.TryGetValue(userId, out UserView? view))
            {
                view!.Notice(conversationId);
            }
        }
    }

    private async Task LoadAsync(UserView view, CancellationToken cancellation)
    {
        if (!await view.Loading.WaitAsync(s_longestWait, cancellation))
        {
            throw new StorageUnavailableException("Another request has been loading the same view for too long.");
        }

        try
        {
            while (view.Read() is null)
            {
                var changes = view.Changes;
                view.TryReplace(await known.WhileNamesStandAsync(() => LoadEntriesAsync(view.UserId, cancellation)), changes);
            }
        }
        finally
        {
            view.Loading.Release();
        }
    }

    private async ValueTask<List<ViewEntry>> LoadEntriesAsync(long userId, CancellationToken cancellation)
    {
        var entries = Merge(await store.ListAsync(userId, cancellation));
        if (entries.Exists(entry => !entry.Head.IsLoaded))
        {
            // A commit between the reading of a row and the making of its head has reached neither. From now on commits
            // reach the head; so one more reading misses none.
            entries = Merge(await store.ListAsync(userId, cancellation));
            entries.ForEach(entry => entry.Head.IsLoaded = true);
        }

        return entries;
    }

    private List<ViewEntry> Merge(List<ConversationRow> rows) => rows.Select(row =>
    {
        var head = _heads.GetOrAdd(row.Id, _ => new ConversationHead());
        head.Merge(row.LastSeq, row.Version, LastOf(row), row.Recalled);
        var peer = row.PeerId is { } id ? known.Remember(id, row.PeerUsername!, row.PeerDisplayName!) : null;
        return new ViewEntry(row.Id, row.Slug, row.Title, peer, head, row.CreatedAt, row.ReadSeq);
    }).ToList();

    private LastMessage? LastOf(ConversationRow row) => row.LastKind is null
        ? null
        : new LastMessage(
            row.LastSeq,
            row.LastVersion!.Value,
            known.Remember(row.LastSenderId!.Value, row.LastSenderUsername!, row.LastSenderDisplayName!),
            row.LastPreviewKind!,
            MessagePreview.Cut(row.LastText),
            row.LastSentAt!.Value);
}
