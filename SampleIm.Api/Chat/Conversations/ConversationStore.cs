using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Chat.Conversations;

/// <summary>Reads conversations, always through the caller's memberships.</summary>
public sealed class ConversationStore(Database database, TimeProvider clock)
{
    /// <summary>How many conversations a list shows at most.</summary>
    public const int MaxListed = 200;

    internal const string SelectSummary = """
        SELECT c.id, c.kind, c.slug, c.title, c.last_seq, c.version, c.created_at, m.read_seq,
               p.id AS peer_id, p.username AS peer_username, p.display_name AS peer_display_name,
               l.version AS last_version, l.kind AS last_kind, l.text AS last_text, l.sent_at AS last_sent_at,
               l.recalled_at AS last_recalled_at,
               s.id AS last_sender_id, s.username AS last_sender_username, s.display_name AS last_sender_display_name
        """;

    internal const string JoinConversation = """
        JOIN conversations c ON c.id = m.conversation_id
        LEFT JOIN users p ON p.id = CASE WHEN c.direct_low = @userId THEN c.direct_high ELSE c.direct_low END
        LEFT JOIN messages l ON l.conversation_id = c.id AND l.seq = c.last_seq
        LEFT JOIN users s ON s.id = l.sender_id
        """;

    private const string ListOfUser = $"""
        /* Conversations.ListOfUser: rooms are never cut off, nor unread directs by read ones; no more are read than listed */
        {SelectSummary}
        FROM (
            SELECT conversation_id, read_seq, unread_at FROM members WHERE user_id = @userId AND last_sent_at IS NULL
            UNION
            SELECT u.conversation_id, u.read_seq, u.unread_at
            FROM (
                SELECT conversation_id, read_seq, unread_at
                FROM members
                WHERE user_id = @userId AND unread_at IS NOT NULL
                ORDER BY unread_at DESC
                LIMIT @limit
            ) u
            UNION
            SELECT d.conversation_id, d.read_seq, d.unread_at
            FROM (
                SELECT conversation_id, read_seq, unread_at
                FROM members
                WHERE user_id = @userId AND last_sent_at IS NOT NULL
                ORDER BY last_sent_at DESC
                LIMIT @limit
            ) d
        ) m
        {JoinConversation}
        WHERE c.kind = 'room' OR c.last_seq > 0
        ORDER BY CASE WHEN c.kind = 'room' THEN 0 WHEN m.unread_at IS NOT NULL THEN 1 ELSE 2 END,
                 COALESCE(l.sent_at, c.created_at) DESC, c.id
        LIMIT @limit
        """;

    private const string FindOfUser = $"""
        /* Conversations.FindOfUser */
        {SelectSummary}
        FROM members m
        {JoinConversation}
        WHERE m.user_id = @userId AND c.id = @conversationId
        """;

    private static readonly RowStatement s_listRecalled = new("""
        /* Conversations.ListRecalled: of several conversations, each beyond a cursor */
        SELECT conversation_id, seq
        FROM recalls
        WHERE ⟦(conversation_id = @conversation# AND seq > @readSeq#)¦ OR ⟧
        """);

    private const string LocateRoom = """
        /* Conversations.LocateRoom */
        SELECT c.id AS conversation_id, NULL AS peer_id, c.slug AS name, c.title,
               CASE WHEN m.user_id IS NULL THEN 0 ELSE 1 END AS is_member
        FROM conversations c
        LEFT JOIN members m ON m.conversation_id = c.id AND m.user_id = @userId
        WHERE c.slug = @Slug
        """;

    private const string LocateDirect = """
        /* Conversations.LocateDirect: everybody is a member of the own directs, also before the first message */
        SELECT c.id AS conversation_id, p.id AS peer_id, p.username AS name, p.display_name AS title, 1 AS is_member
        FROM users p
        LEFT JOIN conversations c ON c.direct_low = CASE WHEN p.id < @userId THEN p.id ELSE @userId END
                                 AND c.direct_high = CASE WHEN p.id < @userId THEN @userId ELSE p.id END
        WHERE p.username_key = @usernameKey
        """;

    /// <summary>What a path names, as far as the caller may know of it; null where there is no such room or user.</summary>
    public async Task<ConversationPlace?> LocateAsync(long userId, string name, CancellationToken cancellation)
    {
        if (!ConversationId.TryParse(name, out var id))
        {
            return null;
        }

        if (id.Slug is not null)
        {
            return await LocateAsync(LocateRoom, new { userId, id.Slug }, cancellation);
        }

        foreach (var usernameKey in id.UsernameKeys)
        {
            if (await LocateAsync(LocateDirect, new { userId, usernameKey }, cancellation) is { } place)
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>The user's rooms, the unread directs and the latest of those that hold a message, in no promised order.</summary>
    public Task<List<ConversationRow>> ListAsync(long userId, CancellationToken cancellation) =>
        database.ReadAsync(async connection =>
        {
            var rows = (await connection.QueryAsync<ConversationRow>(ListOfUser, new { userId, limit = MaxListed })).AsList();
            await AddRecalledAsync(connection, database.Dialect, rows);
            return rows;
        }, cancellation);

    public Task<ConversationRow?> FindAsync(long userId, long conversationId, CancellationToken cancellation) =>
        database.ReadAsync(async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<ConversationRow>(FindOfUser, new { userId, conversationId });
            await AddRecalledAsync(connection, database.Dialect, row is null ? [] : [row]);
            return row;
        }, cancellation);

    private Task<ConversationPlace?> LocateAsync(string statement, object arguments, CancellationToken cancellation) =>
        database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<ConversationPlace>(statement, arguments), cancellation);

    /// <summary>Moves the cursor forward, to the last message at most; backwards never. Answers where it stands.</summary>
    public Task<long> MarkReadAsync(long userId, long conversationId, long seq, CancellationToken cancellation)
    {
        return database.WriteAsync(async transaction =>
        {
            var arguments = new { userId, conversationId, seq, now = clock.GetUtcNow() };
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("""
                /* Conversations.MarkRead */
                UPDATE members
                SET read_seq = (
                    SELECT CASE WHEN c.last_seq < @seq THEN c.last_seq ELSE @seq END
                    FROM conversations c WHERE c.id = @conversationId),
                    changed_at = @now
                WHERE conversation_id = @conversationId AND user_id = @userId AND read_seq < @seq
                """, arguments, transaction);
            // The row is held since the first statement: what is sent from now on makes it unread again after this commit.
            var (readSeq, unreadAt) = await connection.QuerySingleAsync<(long, long?)>("""
                /* Conversations.ReadSeq */
                SELECT read_seq, unread_at FROM members WHERE conversation_id = @conversationId AND user_id = @userId
                """, arguments, transaction);
            if (unreadAt is not null)
            {
                await ClearUnreadAsync(transaction, userId, conversationId, readSeq);
            }

            return readSeq;
        }, cancellation);
    }

    /// <summary>
    /// A direct conversation is unread no longer where nothing but recalled messages follow on what was read.
    /// </summary>
    public static Task ClearUnreadAsync(DbTransaction transaction, long userId, long conversationId, long readSeq) =>
        transaction.Connection!.ExecuteAsync("""
            /* Conversations.ClearUnread */
            UPDATE members
            SET unread_at = NULL
            WHERE conversation_id = @conversationId AND user_id = @userId
              AND NOT EXISTS (SELECT 1 FROM messages l
                              WHERE l.conversation_id = @conversationId AND l.seq > @readSeq AND l.recalled_at IS NULL)
            """, new { userId, conversationId, readSeq }, transaction);

    /// <summary>Reads which of the messages beyond the cursors were recalled.</summary>
    internal static async Task AddRecalledAsync(DbConnection connection, Dialect dialect, IEnumerable<ConversationRow> rows)
    {
        foreach (var unread in rows.Where(row => row.LastSeq > row.ReadSeq).Chunk(dialect.RowsAtOnce))
        {
            await using var command = s_listRecalled.For(unread.Length, connection);
            foreach (var (at, row) in unread.Index())
            {
                command.AddParameter("@conversation", at, row.Id);
                command.AddParameter("@readSeq", at, row.ReadSeq);
            }

            var of = unread.ToDictionary(row => row.Id, row => row.Recalled);
            await using var found = await command.ReadAsync();
            while (await found.ReadAsync())
            {
                of[found.GetInt64(0)].Add(found.GetInt64(1));
            }
        }
    }
}

/// <summary>What the caller's path leads to.</summary>
public sealed class ConversationPlace
{
    /// <summary>Null for a direct conversation before its first message.</summary>
    public long? ConversationId { get; init; }

    /// <summary>The other side of a direct conversation; null for a room.</summary>
    public long? PeerId { get; init; }

    /// <summary>Slug of the room, or username of the other side.</summary>
    public string Name { get; init; } = "";

    public string Title { get; init; } = "";

    public bool IsMember { get; init; }

    /// <summary>The conversation's id as the caller writes it.</summary>
    public string Id => PeerId is null ? Name : Conversations.ConversationId.OfDirect(Name);

    /// <summary>The same for a path: the <c>@</c> may stand there as it is.</summary>
    public string PathSegment => PeerId is null ? Name : Conversations.ConversationId.OfDirect(Uri.EscapeDataString(Name));
}

/// <summary>A conversation of one user with its last message.</summary>
public class ConversationRow
{
    public long Id { get; init; }

    public string Kind { get; init; } = "";

    public string? Slug { get; init; }

    public string? Title { get; init; }

    public long LastSeq { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public long ReadSeq { get; init; }

    /// <summary>Those of the messages beyond the cursor that were recalled.</summary>
    public List<long> Recalled { get; } = [];

    public long? PeerId { get; init; }

    public string? PeerUsername { get; init; }

    public string? PeerDisplayName { get; init; }

    public long? LastVersion { get; init; }

    public string? LastKind { get; init; }

    public string? LastText { get; init; }

    public DateTimeOffset? LastSentAt { get; init; }

    public DateTimeOffset? LastRecalledAt { get; init; }

    public string? LastPreviewKind => LastRecalledAt is null ? LastKind : MessageKinds.Recalled;

    public long? LastSenderId { get; init; }

    public string? LastSenderUsername { get; init; }

    public string? LastSenderDisplayName { get; init; }

    public ConversationResponse Respond() => new(
        PeerUsername is null ? Slug! : ConversationId.OfDirect(PeerUsername),
        Kind, PeerDisplayName ?? Title!, LastSeq, Version, ReadSeq,
        Math.Max(0, LastSeq - ReadSeq - Recalled.Count(seq => seq <= LastSeq)), Preview());

    private MessagePreview? Preview() => LastKind is null
        ? null
        : new(LastSenderDisplayName!, LastSenderUsername!, LastPreviewKind!, MessagePreview.Cut(LastText), LastSentAt!.Value);
}
