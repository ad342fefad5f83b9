using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages;

/// <summary>Reads messages. What each page costs depends on its length alone, not on how many messages there are.</summary>
public sealed class MessageStore(Database database)
{
    // The cast is for MySQL, where the clientId is kept as bytes. Each message has a sender; that the join is a left one keeps
    // the order: MariaDB would begin with the users, all of them, and sort a million messages for one page.
    private const string SelectMessage = """
        SELECT m.conversation_id, m.seq, m.version, m.sender_id,
               u.username AS sender_username, u.display_name AS sender_display_name,
               m.kind, m.text, m.sent_at, m.edited_at, m.recalled_at,
               CAST(m.client_id AS CHAR) AS client_id, m.client_hash, m.digest,
               i.id AS image_id, i.content_type AS image_content_type, i.size AS image_size,
               i.width AS image_width, i.height AS image_height
        FROM messages m
        LEFT JOIN users u ON u.id = m.sender_id
        LEFT JOIN images i ON i.id = m.image_id
        """;

    private const string ListSince = $"""
        /* Messages.ListSince */
        {SelectMessage}
        WHERE m.conversation_id = @conversationId AND m.version > @after
        ORDER BY m.version
        LIMIT @count
        """;

    private const string ListBefore = $"""
        /* Messages.ListBefore */
        {SelectMessage}
        WHERE m.conversation_id = @conversationId AND m.seq < @before
        ORDER BY m.seq DESC
        LIMIT @count
        """;

    private const string FindBySeq = $"""
        /* Messages.Find */
        {SelectMessage}
        WHERE m.conversation_id = @conversationId AND m.seq = @seq
        """;

    private const string FindByClientId = $"""
        /* Messages.FindByClientId */
        {SelectMessage}
        WHERE m.sender_id = @senderId AND m.client_id = @clientId
        """;

    private const string SelectImageSent = """
        /* Messages.IsImageSent */
        SELECT EXISTS (SELECT 1 FROM messages WHERE image_id = @imageId)
        """;

    private const string SelectVersion = """
        /* Messages.Version */
        SELECT version FROM conversations WHERE id = @conversationId
        """;

    /// <summary>
    /// What changed after a version: at most <paramref name="limit"/> messages in the order of their versions, and the next
    /// cursor.
    /// </summary>
    public Task<(List<MessageRow> Rows, long Version, bool HasMore)> ListSinceAsync(
        long conversationId, long after, int limit, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        var rows = (await connection.QueryAsync<MessageRow>(ListSince, new { conversationId, after, count = limit + 1 }))
            .AsList();
        var hasMore = CutTo(rows, limit);
        if (rows.Count > 0)
        {
            return (rows, rows[^1].Version, hasMore);
        }

        // Never beyond the cursor that was given: a change that was committed since the first statement is still to come.
        // Below it where the database was restored from a backup: the reader sees that and starts afresh.
        var version = await connection.QuerySingleAsync<long>(SelectVersion, new { conversationId });
        return (rows, Math.Min(after, version), false);
    }, cancellation);

    /// <summary>The page before a message, oldest first.</summary>
    public Task<(List<MessageRow> Rows, bool HasMore)> ListBeforeAsync(
        long conversationId, long before, int limit, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        var rows = (await connection.QueryAsync<MessageRow>(ListBefore, new { conversationId, before, count = limit + 1 }))
            .AsList();
        var hasMore = CutTo(rows, limit);
        rows.Reverse();
        return (rows, hasMore);
    }, cancellation);

    public Task<MessageRow?> FindAsync(long conversationId, long seq, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<MessageRow>(FindBySeq, new { conversationId, seq }), cancellation);

    public Task<MessageRow?> FindByClientIdAsync(long senderId, string clientId, CancellationToken cancellation) =>
        database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<MessageRow>(FindByClientId, new { senderId, clientId }), cancellation);

    public Task<bool> IsImageSentAsync(string imageId, CancellationToken cancellation) => database.ReadAsync(
        async connection => await connection.QuerySingleAsync<long>(SelectImageSent, new { imageId }) > 0, cancellation);

    /// <summary>Within a transaction that holds the conversation's row: nobody changes the message meanwhile.</summary>
    public static Task<MessageRow?> FindAsync(DbTransaction transaction, long conversationId, long seq) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<MessageRow>(FindBySeq, new { conversationId, seq }, transaction);

    /// <summary>One row more than asked for was read: that it is there says that there are more.</summary>
    private static bool CutTo(List<MessageRow> rows, int limit)
    {
        if (rows.Count <= limit)
        {
            return false;
        }

        rows.RemoveRange(limit, rows.Count - limit);
        return true;
    }
}
