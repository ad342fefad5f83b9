using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Conversations;

/// <summary>The direct conversation of two users: one row, whichever of them asks.</summary>
public sealed class DirectConversations(Database database, TimeProvider clock)
{
    private const string SelectId = """
        /* Directs.Find */
        SELECT id FROM conversations WHERE direct_low = @low AND direct_high = @high
        """;

    private const string Create = """
        /* Directs.Create */
        INSERT INTO conversations (kind, direct_low, direct_high, created_at, changed_at)
        VALUES ('direct', @low, @high, @now, @now)
        """;

    private const string Join = """
        /* Directs.Join: one member where somebody writes to themselves */
        INSERT INTO members (conversation_id, user_id, joined_at, changed_at)
        SELECT @id, u.id, @now, @now
        FROM users u
        WHERE u.id IN (@low, @high)
        """;

    /// <summary>Null before the first message.</summary>
    public Task<long?> FindAsync(long userId, long peerId, CancellationToken cancellation) => database.ReadAsync(
        connection =>
            connection.QuerySingleOrDefaultAsync<long?>(
                SelectId, new { low = Math.Min(userId, peerId), high = Math.Max(userId, peerId) }),
        cancellation);

    /// <summary>Within the transaction of the first message, so that no conversation without a message stays behind.</summary>
    public async Task<long> FindOrCreateAsync(DbTransaction transaction, long userId, long peerId)
    {
        var connection = transaction.Connection!;
        var (low, high, now) = (Math.Min(userId, peerId), Math.Max(userId, peerId), clock.GetUtcNow());
        if (await connection.QuerySingleOrDefaultAsync<long?>(SelectId, new { low, high }, transaction) is { } known)
        {
            return known;
        }

        await connection.ExecuteAsync(Create, new { low, high, now }, transaction);
        var id = await connection.QuerySingleAsync<long>(SelectId, new { low, high }, transaction);
        await connection.ExecuteAsync(Join, new { id, low, high, now }, transaction);
        return id;
    }
}
