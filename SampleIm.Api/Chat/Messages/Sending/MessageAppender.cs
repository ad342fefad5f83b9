using System.Data.Common;
using Dapper;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>
/// Numbers messages and inserts them, one or many at a time, with a few statements however many there are. The rows of the
/// conversations are raised first and so held until the commit: numbers come in the order of commits, and where the write
/// is undone its numbers are undone with it. No gap, no duplicate.
/// </summary>
public sealed class MessageAppender(Database database, DirectConversations directs, TimeProvider clock)
{
    private static readonly RowStatement s_raise = new("""
        /* Messages.TakeNumbers: by id, so that two writers never wait for each other */
        UPDATE conversations
        SET last_seq = last_seq + CASE id⟦ WHEN @id# THEN @count#⟧ END,
            version = version + CASE id⟦ WHEN @id# THEN @count#⟧ END,
            changed_at = @now
        WHERE id IN (⟦@id#¦, ⟧);

        SELECT id, last_seq, version FROM conversations WHERE id IN (⟦@id#¦, ⟧)
        """);

    private static readonly RowStatement s_insert = new("""
        /* Messages.Insert */
        INSERT INTO messages (conversation_id, seq, version, sender_id, kind, text, image_id, sent_at, client_id, client_hash)
        VALUES ⟦(@conversation#, @seq#, @version#, @sender#, @kind#, @text#, @image#, @now, @clientId#, @hash#)¦, ⟧
        """);

    private static readonly RowStatement s_markOwnRead = new("""
        /* Messages.MarkOwnRead: finds a row for each sender who is a member */
        UPDATE members
        SET read_seq = CASE⟦ WHEN conversation_id = @conversation# AND user_id = @sender# THEN @seq#⟧ END,
            changed_at = @now
        WHERE ⟦(conversation_id = @conversation# AND user_id = @sender#)¦ OR ⟧
        """);

    private static readonly RowStatement s_moveUp = new("""
        /* Messages.MoveUp: in the lists of both sides of a direct conversation; an edit and a recall do not */
        UPDATE members
        SET last_sent_at = @now,
            unread_at = CASE WHEN read_seq < (SELECT c.last_seq FROM conversations c WHERE c.id = members.conversation_id)
                             THEN @now END
        WHERE conversation_id IN (⟦@id#¦, ⟧)
        """);

    private const string SelectImages = """
        /* Messages.FindImages */
        SELECT id AS image_id, owner_id AS sender_id, content_type AS image_content_type, size AS image_size,
               width AS image_width, height AS image_height
        FROM images
        WHERE id IN @ids
        """;

    /// <summary>
    /// Appends the messages in their order, all or none: where one cannot be sent, answers its refusal and what was written has
    /// to be undone. The first message of a direct conversation begins it.
    /// </summary>
    public async Task<(IReadOnlyList<MessageRow> Messages, string? Refusal)> AppendAsync(
        DbTransaction transaction, IReadOnlyList<PendingSend> sends)
    {
        // To the millisecond, as it is kept: the answer to a send and a later read show the same time.
        var now = clock.GetStoredNow();
        var placed = await PlaceAsync(transaction, sends);
        var next = await TakeNumbersAsync(transaction, placed, now);
        var images = await FindImagesAsync(transaction, sends);
        var messages = new List<MessageRow>(sends.Count);
        foreach (var (send, conversationId) in placed)
        {
            var image = send.Draft.ImageId is { } imageId ? images.GetValueOrDefault(imageId) : new MessageRow();
            if (image is null || (image.ImageId is not null && image.SenderId != send.Sender.Id))
            {
                return ([], ProblemCodes.ImageUnknown);
            }

            var place = next[conversationId];
            messages.Add(Number(send, image, conversationId, ++place.Seq, ++place.Version, now));
        }

        // Before the rows: who is no member is refused as that, whatever else is wrong.
        if (!await MarkOwnReadAsync(transaction, messages))
        {
            return ([], ProblemCodes.ConversationNotMember);
        }

        await InsertAsync(transaction, messages);
        await MoveUpAsync(transaction, placed, now);
        return (messages, null);
    }

    private static MessageRow Number(
        PendingSend send, MessageRow image, long conversationId, long seq, long version, DateTimeOffset now) => image with
        {
            ConversationId = conversationId,
            Seq = seq,
            Version = version,
            SenderId = send.Sender.Id,
            SenderUsername = send.Sender.Username,
            SenderDisplayName = send.Sender.DisplayName,
            Kind = send.Draft.Kind,
            Text = send.Draft.Text,
            SentAt = now,
            ClientId = send.Draft.ClientId,
            ClientHash = send.Draft.ClientHash,
        };

    /// <summary>The conversation of each, begun where it is not there yet.</summary>
    private async Task<List<(PendingSend Send, long ConversationId)>> PlaceAsync(
        DbTransaction transaction, IReadOnlyList<PendingSend> sends)
    {
        var placed = new List<(PendingSend, long)>(sends.Count);
        foreach (var send in sends)
        {
            var id = send.Place.ConversationId
                ?? await directs.FindOrCreateAsync(transaction, send.Sender.Id, send.Place.PeerId!.Value);
            placed.Add((send, id));
        }

        return placed;
    }

    /// <summary>Answers for each conversation what the message before the first new one has.</summary>
    private static async Task<Dictionary<long, Taken>> TakeNumbersAsync(
        DbTransaction transaction, List<(PendingSend Send, long ConversationId)> placed, DateTimeOffset now)
    {
        var counts = placed.CountBy(pair => pair.ConversationId).OrderBy(pair => pair.Key).ToList();
        await using var command = s_raise.For(counts.Count, transaction);
        command.AddParameter("@now", now.ToUnixTimeMilliseconds());
        for (var row = 0; row < counts.Count; row++)
        {
            command.AddParameter("@id", row, counts[row].Key);
            command.AddParameter("@count", row, counts[row].Value);
        }

        var (taken, countOf) = (new Dictionary<long, Taken>(counts.Count), counts.ToDictionary());
        await using var rows = await command.ReadAsync();
        while (await rows.ReadAsync())
        {
            var (id, lastSeq, version) = (rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2));
            taken[id] = new Taken { Seq = lastSeq - countOf[id], Version = version - countOf[id] };
        }

        return taken;
    }

    private static async Task<Dictionary<string, MessageRow>> FindImagesAsync(
        DbTransaction transaction, IReadOnlyList<PendingSend> sends)
    {
        var ids = sends.Where(send => send.Draft.ImageId is not null).Select(send => send.Draft.ImageId!).ToList();
        return ids.Count == 0
            ? []
            : (await transaction.Connection!.QueryAsync<MessageRow>(SelectImages, new { ids }, transaction))
                .ToDictionary(image => image.ImageId!);
    }

    /// <summary>False where a sender is no member.</summary>
    private async Task<bool> MarkOwnReadAsync(DbTransaction transaction, List<MessageRow> messages)
    {
        var last = messages.GroupBy(message => (message.ConversationId, message.SenderId)).Select(group => group.Last());
        foreach (var rows in last.Chunk(database.Dialect.RowsAtOnce))
        {
            await using var command = s_markOwnRead.For(rows.Length, transaction);
            command.AddParameter("@now", rows[0].SentAt.ToUnixTimeMilliseconds());
            for (var row = 0; row < rows.Length; row++)
            {
                command.AddParameter("@conversation", row, rows[row].ConversationId);
                command.AddParameter("@sender", row, rows[row].SenderId);
                command.AddParameter("@seq", row, rows[row].Seq);
            }

            if (await command.ExecuteAsync() < rows.Length)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task MoveUpAsync(DbTransaction transaction, List<(PendingSend Send, long ConversationId)> placed,
        DateTimeOffset now)
    {
        var directs = placed.Where(pair => pair.Send.Place.PeerId is not null).Select(pair => pair.ConversationId).Distinct()
            .Order().ToList();
        if (directs.Count == 0)
        {
            return;
        }

        await using var command = s_moveUp.For(directs.Count, transaction);
        command.AddParameter("@now", now.ToUnixTimeMilliseconds());
        for (var row = 0; row < directs.Count; row++)
        {
            command.AddParameter("@id", row, directs[row]);
        }

        await command.ExecuteAsync();
    }

    private async Task InsertAsync(DbTransaction transaction, List<MessageRow> messages)
    {
        foreach (var rows in messages.Chunk(database.Dialect.RowsAtOnce))
        {
            await using var command = s_insert.For(rows.Length, transaction);
            command.AddParameter("@now", rows[0].SentAt.ToUnixTimeMilliseconds());
            for (var row = 0; row < rows.Length; row++)
            {
                var message = rows[row];
                command.AddParameter("@conversation", row, message.ConversationId);
                command.AddParameter("@seq", row, message.Seq);
                command.AddParameter("@version", row, message.Version);
                command.AddParameter("@sender", row, message.SenderId);
                command.AddParameter("@kind", row, message.Kind);
                command.AddParameter("@text", row, message.Text);
                command.AddParameter("@image", row, message.ImageId);
                command.AddParameter("@clientId", row, message.ClientId);
                command.AddParameter("@hash", row, message.ClientHash);
            }

            await command.ExecuteAsync();
        }
    }

    private sealed class Taken
    {
        public long Seq { get; set; }

        public long Version { get; set; }
    }
}
