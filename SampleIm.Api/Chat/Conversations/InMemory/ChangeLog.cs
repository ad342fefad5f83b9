using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Conversations.InMemory;

/// <summary>Reads what any server has changed lately, by the times that each write leaves in its rows.</summary>
public sealed class ChangeLog(Database database)
{
    private const string SelectConversations = """
        /* Changes.Conversations */
        SELECT c.id, c.direct_low, c.direct_high, c.last_seq, c.version,
               l.version AS last_version, l.kind AS last_kind, l.text AS last_text,
               l.sent_at AS last_sent_at, l.recalled_at AS last_recalled_at,
               s.id AS last_sender_id, s.username AS last_sender_username, s.display_name AS last_sender_display_name
        FROM conversations c
        JOIN messages l ON l.conversation_id = c.id AND l.seq = c.last_seq
        JOIN users s ON s.id = l.sender_id
        WHERE c.changed_at >= @since
        """;

    private const string SelectCursors = """
        /* Changes.Cursors */
        SELECT user_id, conversation_id, read_seq
        FROM members
        WHERE changed_at >= @since
        """;

    private const string SelectRecalls = """
        /* Changes.Recalls */
        SELECT conversation_id, seq
        FROM recalls
        WHERE recalled_at >= @since
        """;

    private const string SelectUsers = """
        /* Changes.Users */
        SELECT id, display_name, changed_at
        FROM users
        WHERE changed_at >= @since
        """;

    public Task<RecentChanges> ListAsync(DateTimeOffset since, CancellationToken cancellation) =>
        database.ReadAsync(async connection => new RecentChanges(
        await ListAsync<ChangedConversation>(connection, SelectConversations, since),
        await ListAsync<Recall>(connection, SelectRecalls, since),
        await ListAsync<ChangedCursor>(connection, SelectCursors, since),
        await ListAsync<ChangedUser>(connection, SelectUsers, since)), cancellation);

    private static async Task<IReadOnlyList<T>> ListAsync<T>(DbConnection connection, string statement, DateTimeOffset since) =>
        (await connection.QueryAsync<T>(statement, new { since })).AsList();
}

/// <summary>What was changed since a moment.</summary>
public sealed record RecentChanges(
    IReadOnlyList<ChangedConversation> Conversations, IReadOnlyList<Recall> Recalls, IReadOnlyList<ChangedCursor> Cursors,
    IReadOnlyList<ChangedUser> Users);

/// <summary>A conversation in which something was said, edited or recalled.</summary>
public sealed class ChangedConversation : ConversationRow
{
    public long? DirectLow { get; init; }

    public long? DirectHigh { get; init; }
}

/// <summary>A message that was recalled.</summary>
public sealed class Recall
{
    public long ConversationId { get; init; }

    public long Seq { get; init; }
}

/// <summary>A cursor that was moved.</summary>
public sealed class ChangedCursor
{
    public long UserId { get; init; }

    public long ConversationId { get; init; }

    public long ReadSeq { get; init; }
}

/// <summary>A user whose name, password or sessions have changed.</summary>
public sealed class ChangedUser
{
    public long Id { get; init; }

    public string DisplayName { get; init; } = "";

    public DateTimeOffset ChangedAt { get; init; }
}
