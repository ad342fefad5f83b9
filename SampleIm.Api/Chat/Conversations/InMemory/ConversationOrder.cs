
namespace SampleIm.Api.Chat.Conversations.InMemory;

public static class ConversationOrder
{
    /// <summary>As lists show them: by the last message, a room without one by its beginning.</summary>
    public static IEnumerable<ViewEntry> LatestFirst(IReadOnlyCollection<ViewEntry> entries) => entries.Count == 1
        ? entries
        : entries.OrderByDescending(entry => entry.Head.State.Last?.SentAt ?? entry.CreatedAt).ThenBy(entry => entry.Id);
}
