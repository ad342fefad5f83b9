using System.Data.Common;
using Dapper;

namespace SampleIm.Api.Conversations;

/// <summary>The direct conversation of two users: one row, whichever of them asks.</summary>
public sealed class DirectConversations(TimeProvider clock)
{
    private const string Find = """
        /* Directs.Find */
        SELECT id FROM conversations WHERE direct_low = @low AND direct_high = @high
        """;

    private const string Create = """
        /* Directs.Create */
        INSERT INTO conversations (kind, direct_low, direct_high, created_at)
        VALUES ('direct', @low, @high, @now)
        """;

    private const string Join = """
        /* Directs.Join: one member where somebody writes to themselves */
        INSERT INTO members (conversation_id, user_id, joined_at)
        SELECT @id, u.id, @now
        FROM users u
        WHERE u.id IN (@low, @high)
        """;

    /// <summary>Within the transaction of the first message, so that no conversation without a message stays behind.</summary>
    public async Task<long> FindOrCreateAsync(DbTransaction transaction, long userId, long peerId)
    {
        var connection = transaction.Connection!;
        var (low, high, now) = (Math.Min(userId, peerId), Math.Max(userId, peerId), clock.GetUtcNow());
        if (await connection.QuerySingleOrDefaultAsync<long?>(Find, new { low, high }, transaction) is { } known)
        {
            return known;
        }

        await connection.ExecuteAsync(Create, new { low, high, now }, transaction);
        var id = await connection.QuerySingleAsync<long>(Find, new { low, high }, transaction);
        await connection.ExecuteAsync(Join, new { id, low, high, now }, transaction);
        return id;
    }
}
