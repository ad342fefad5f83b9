using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages;

/// <summary>
/// What a recall takes away and what it leaves: the message's place, that it was recalled, and enough of its content to tell a
/// retry from another text under the same clientId. An edit leaves that of the text it replaces, too. A digest alone, salted or
/// not, would give a short text away to anybody who has the database and tries "yes" and "no". So it is encrypted, differently
/// each time, with the data-protection keys: they are not in the database.
/// </summary>
public sealed class RecallStore(Database database, IDataProtectionProvider protection)
{
    private const string EraseContent = """
        /* Messages.Recall */
        UPDATE messages
        SET text = NULL, image_id = NULL, client_hash = NULL, digest = NULL, recalled_at = @RecalledAt, version = @Version
        WHERE conversation_id = @ConversationId AND seq = @Seq
        """;

    private const string RemoveImage = """
        /* Messages.RemoveImage */
        DELETE FROM images WHERE id = @ImageId
        """;

    private const string Record = """
        /* Recalls.Record */
        INSERT INTO recalls (conversation_id, seq, recalled_at, digest)
        VALUES (@ConversationId, @Seq, @RecalledAt, @digest)
        """;

    private const string SelectUnread = """
        /* Recalls.ListUnread */
        SELECT user_id, read_seq
        FROM members
        WHERE conversation_id = @ConversationId AND unread_at IS NOT NULL
        """;

    private const string SelectDigest = """
        /* Recalls.FindDigest */
        SELECT digest FROM recalls WHERE conversation_id = @ConversationId AND seq = @Seq
        """;

    private readonly IDataProtector _protector = protection.CreateProtector("SampleIm.Messages.Recalled");

    /// <summary>Within the transaction that holds the conversation's row.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="message">The message with its content, and with time and version of the recall.</param>
    /// <param name="isDirect">Whether it stands in a direct conversation.</param>
    public async Task EraseAsync(DbTransaction transaction, MessageRow message, bool isDirect)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(EraseContent, message, transaction);
        await connection.ExecuteAsync(RemoveImage, message, transaction);
        var digest = EncryptDigest(message);
        await connection.ExecuteAsync(Record, new { message.ConversationId, message.Seq, message.RecalledAt, digest },
            transaction);
        if (isDirect)
        {
            var unread = await connection.QueryAsync<(long UserId, long ReadSeq)>(SelectUnread, message, transaction);
            foreach (var (userId, readSeq) in unread.AsList())
            {
                await ConversationStore.ClearUnreadAsync(transaction, userId, message.ConversationId, readSeq);
            }
        }
    }

    /// <summary>What stays of the text that was sent, once it is edited or recalled; null without a clientId.</summary>
    public string? EncryptDigest(MessageRow message) =>
        message.ClientHash is { } hash ? _protector.Protect(hash) : message.Digest;

    /// <summary>
    /// Whether a draft has the content that a message was sent with. False as well where there is nothing to compare it with:
    /// the message was edited or recalled by an earlier release, or the keys are lost.
    /// </summary>
    public async Task<bool> IsOfTheSameAsync(MessageRow message, MessageDraft draft, CancellationToken cancellation)
    {
        if (message.ClientHash is { } hash)
        {
            return draft.IsOf(hash);
        }

        var digest = message.RecalledAt is null
            ? message.Digest
            : await database.ReadAsync(
                connection => connection.QuerySingleOrDefaultAsync<string?>(SelectDigest, message), cancellation);
        try
        {
            return digest is not null && draft.IsOf(_protector.Unprotect(digest));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
