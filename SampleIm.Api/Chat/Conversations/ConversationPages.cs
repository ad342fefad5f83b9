using System.Globalization;
using Dapper;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Conversations;

/// <summary>All conversations of a user, latest first, page by page: also those beyond what the poll lists.</summary>
public sealed class ConversationPages(Database database)
{
    private const string PageOfUser = $"""
        /* Conversations.PageOfUser: all rooms are looked at, and of the directs one page */
        {ConversationStore.SelectSummary}
        FROM (
            SELECT conversation_id, read_seq FROM members WHERE user_id = @userId AND last_sent_at IS NULL
            UNION ALL
            SELECT d.conversation_id, d.read_seq
            FROM (
                SELECT conversation_id, read_seq
                FROM members
                WHERE user_id = @userId AND last_sent_at <= @time AND (last_sent_at < @time OR conversation_id < @id)
                ORDER BY last_sent_at DESC, conversation_id DESC
                LIMIT @count
            ) d
        ) m
        {ConversationStore.JoinConversation}
        WHERE (c.kind = 'room' OR c.last_seq > 0)
          AND (COALESCE(l.sent_at, c.created_at) < @time OR (COALESCE(l.sent_at, c.created_at) = @time AND c.id < @id))
        ORDER BY COALESCE(l.sent_at, c.created_at) DESC, c.id DESC
        LIMIT @count
        """;

    /// <summary>At most so many conversations behind a place in the list; null: from its beginning.</summary>
    public Task<List<ConversationRow>> ListAsync(long userId, PageCursor? after, int count, CancellationToken cancellation)
    {
        var arguments = new { userId, time = after?.Rank ?? long.MaxValue, id = IdOf(after), count };
        return database.ReadAsync(async connection =>
        {
            var rows = (await connection.QueryAsync<ConversationRow>(PageOfUser, arguments)).AsList();
            await ConversationStore.AddRecalledAsync(connection, database.Dialect, rows);
            return rows;
        }, cancellation);
    }

    public static PageCursor CursorOf(ConversationRow row) =>
        new((row.LastSentAt ?? row.CreatedAt).ToUnixTimeMilliseconds(), row.Id.ToString(CultureInfo.InvariantCulture));

    public static bool TryParse(string word, out PageCursor? after) => PageCursor.TryParse(word, out after) && IdOf(after) >= 0;

    private static long IdOf(PageCursor? cursor) => cursor is null
        ? long.MaxValue
        : long.TryParse(cursor.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;
}
