using System.Data.Common;
using Dapper;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>What a write came to.</summary>
/// <param name="Message">The message as it is now; null where the write was refused.</param>
/// <param name="Refusal">The problem code of a refusal, else null.</param>
/// <param name="IsChanged">
/// Whether anything was written: false for a retry, for an edit to the same text, for a second recall.
/// </param>
public sealed record LedgerEntry(MessageRow? Message, string? Refusal, bool IsChanged)
{
    public static LedgerEntry Changed(MessageRow message) => new(message, null, true);

    public static LedgerEntry Unchanged(MessageRow message) => new(message, null, false);

    public static LedgerEntry Refused(string code) => new(null, code, false);
}

/// <summary>
/// Sends, edits and recalls: what changes a conversation. Each write raises the conversation's row first and so holds it until
/// the commit: versions come in the order of commits.
/// </summary>
public sealed class MessageLedger(
    Database database, GroupCommit sends, MessageStore messages, RecallStore recalls, DirectConversations directs,
    Erasure erasure, Views views, KnownUsers known, TimeProvider clock)
{
    private const string RaiseVersion = """
        /* Messages.TakeVersion */
        UPDATE conversations
        SET version = version + 1, changed_at = @now
        WHERE id = @conversationId
          AND (@isAdmin OR EXISTS (SELECT 1 FROM members WHERE conversation_id = @conversationId AND user_id = @userId))
        """;

    private const string SelectRaised = """
        /* Messages.Taken */
        SELECT last_seq, version FROM conversations WHERE id = @conversationId
        """;

    private const string UpdateText = """
        /* Messages.Edit */
        UPDATE messages
        SET text = @Text, edited_at = @EditedAt, version = @Version, client_hash = NULL, digest = @Digest
        WHERE conversation_id = @ConversationId AND seq = @Seq
        """;

    /// <summary>Appends a message. Once this returns it is on the disk, and everybody's next poll shows it.</summary>
    /// <exception cref="UniqueViolationException">Never for a clientId or an image that was used: these are answers.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot keep it now.</exception>
    public async Task<LedgerEntry> SendAsync(
        ConversationPlace place, KnownUser sender, MessageDraft draft, CancellationToken cancellation) =>
        await TrySendAsync(place, sender, draft, cancellation)
        ?? await TrySendAsync(place, sender, draft, cancellation)
        ?? throw new StorageUnavailableException("Another message with this clientId or image was to be kept, and failed.");

    /// <summary>
    /// Null where the message was refused because of another one that is not kept: of two with one clientId or one image that
    /// are written together the second is refused, and then the first may fail.
    /// </summary>
    private async Task<LedgerEntry?> TrySendAsync(
        ConversationPlace place, KnownUser sender, MessageDraft draft, CancellationToken cancellation)
    {
        try
        {
            var entry = await sends.AppendAsync(new PendingSend(place, sender, draft), cancellation);
            if (entry.Message is { } message)
            {
                // Read before new: nobody sees the own message as unread in between.
                views.MarkRead(sender.Id, message.ConversationId, message.Seq);
            }

            Publish(entry, place, sender.Id, sender);
            // It may be a retry: of a message that is there, or of one whose image is gone because it was recalled.
            return entry.Refusal is ProblemCodes.MessageClientIdReused or ProblemCodes.ImageUnknown
                or ProblemCodes.ImageAlreadySent
                ? await ExplainAsync(place, sender, draft, entry.Refusal, cancellation)
                : entry;
        }
        catch (UniqueViolationException fault) when (fault.Concerns("direct"))
        {
            // The other side has written the first message in the meantime: now the conversation is there to be found.
            return await TrySendAsync(place, sender, draft, cancellation);
        }
        catch (UniqueViolationException fault) when (fault.Concerns("client_id") || fault.Concerns("image_id"))
        {
            var refusal = fault.Concerns("client_id") ? ProblemCodes.MessageClientIdReused : ProblemCodes.ImageAlreadySent;
            return await ExplainAsync(place, sender, draft, refusal, cancellation);
        }
    }

    /// <summary>Changes the text of an own message.</summary>
    public async Task<LedgerEntry> EditAsync(
        ConversationPlace place, Session caller, long seq, string text, CancellationToken cancellation)
    {
        var entry = await ChangeAsync(place, caller.User.Id, isAdmin: false, seq, async (transaction, message, version) =>
        {
            if (ValidateEdit(message, caller) is { } refusal)
            {
                return LedgerEntry.Refused(refusal);
            }

            if (message.Text == text)
            {
                return LedgerEntry.Unchanged(message);
            }

            var edited = message with
            {
                Text = text,
                EditedAt = clock.GetStoredNow(),
                Version = version,
                ClientHash = null,
                Digest = recalls.EncryptDigest(message),
            };
            await transaction.Connection!.ExecuteAsync(UpdateText, edited, transaction);
            return LedgerEntry.Changed(edited);
        }, cancellation);
        Publish(entry, place, caller.User.Id, caller.User);
        return entry;
    }

    /// <summary>
    /// Takes a message's content away for good: from the row, from the file of the database, and, by the caller of this, the
    /// image's file. An administrator may do so in rooms, and with the other side's words in a direct conversation no more than
    /// anybody else. Answers the message as it was, with the version of its recall.
    /// </summary>
    public async Task<LedgerEntry> RecallAsync(ConversationPlace place, Session caller, long seq, CancellationToken cancellation)
    {
        var entry = await ChangeAsync(place, caller.User.Id, caller.IsAdmin, seq, async (transaction, message, version) =>
        {
            if (message.SenderId != caller.User.Id && !(caller.IsAdmin && place.PeerId is null))
            {
                return LedgerEntry.Refused(ProblemCodes.MessageNotOwn);
            }

            if (message.RecalledAt is not null)
            {
                return LedgerEntry.Unchanged(message);
            }

            var recalled = message with { RecalledAt = clock.GetStoredNow(), Version = version };
            await recalls.EraseAsync(transaction, recalled, isDirect: place.PeerId is not null);
            return LedgerEntry.Changed(recalled);
        }, cancellation);
        if (entry is { IsChanged: true, Message: { } message })
        {
            Publish(
                entry, place, caller.User.Id, known.Know(message.SenderId, message.SenderUsername, message.SenderDisplayName));
            await erasure.EraseAsync(cancellation);
        }

        return entry;
    }

    /// <summary>
    /// The message was refused: it is the retry of one that is there, or its clientId belongs to another, or else it is what it
    /// seemed to be. Null where the message that it was refused because of is not there.
    /// </summary>
    private async Task<LedgerEntry?> ExplainAsync(
        ConversationPlace place, KnownUser sender, MessageDraft draft, string otherwise, CancellationToken cancellation)
    {
        if (draft.ClientId is null
            || await messages.FindByClientIdAsync(sender.Id, draft.ClientId, cancellation) is not { } earlier)
        {
            var isTrue = otherwise switch
            {
                ProblemCodes.MessageClientIdReused => false,
                ProblemCodes.ImageAlreadySent => await messages.IsImageSentAsync(draft.ImageId!, cancellation),
                _ => true,
            };
            return isTrue ? LedgerEntry.Refused(otherwise) : null;
        }

        // The conversation may have begun since the path was looked up: with the very message that this one repeats.
        var conversationId = place.ConversationId ?? await directs.FindAsync(sender.Id, place.PeerId!.Value, cancellation);
        var isRetry = earlier.ConversationId == conversationId && await recalls.IsOfTheSameAsync(earlier, draft, cancellation);
        if (!isRetry)
        {
            return LedgerEntry.Refused(ProblemCodes.MessageClientIdReused);
        }

        // The database may have gone away after it committed and before it said so: then nobody here has heard of the message
        // yet.
        views.MarkRead(sender.Id, earlier.ConversationId, earlier.Seq);
        UpdateViews(earlier, place, sender.Id, sender);
        return LedgerEntry.Unchanged(earlier);
    }

    private Task<LedgerEntry> ChangeAsync(
        ConversationPlace place, long callerId, bool isAdmin, long seq,
        Func<DbTransaction, MessageRow, long, Task<LedgerEntry>> change, CancellationToken cancellation) =>
        database.WriteAsync(async transaction =>
    {
        var arguments = new { conversationId = place.ConversationId, userId = callerId, isAdmin, now = clock.GetStoredNow() };
        if (await transaction.Connection!.ExecuteAsync(RaiseVersion, arguments, transaction) == 0)
        {
            return LedgerEntry.Refused(
                place.ConversationId is null ? ProblemCodes.MessageUnknown : ProblemCodes.ConversationNotMember);
        }

        var conversationId = place.ConversationId!.Value;
        if (await MessageStore.FindAsync(transaction, conversationId, seq) is not { } message)
        {
            return LedgerEntry.Refused(ProblemCodes.MessageUnknown);
        }

        var (_, version) = await transaction.Connection!.QuerySingleAsync<(long, long)>(
            SelectRaised, new { conversationId }, transaction);
        return await change(transaction, message, version);
    }, cancellation, entry => entry.IsChanged);

    private static string? ValidateEdit(MessageRow message, Session caller) => message switch
    {
        _ when message.SenderId != caller.User.Id => ProblemCodes.MessageNotOwn,
        { RecalledAt: not null } => ProblemCodes.MessageRecalled,
        { Kind: not MessageKinds.Text } => ProblemCodes.MessageNotText,
        _ => null,
    };

    private void Publish(LedgerEntry entry, ConversationPlace place, long callerId, KnownUser sender)
    {
        if (entry is { IsChanged: true, Message: { } message })
        {
            UpdateViews(message, place, callerId, sender);
        }
    }

    /// <summary>Brings everybody's view forward; what is known already changes nothing.</summary>
    private void UpdateViews(MessageRow message, ConversationPlace place, long callerId, KnownUser sender)
    {
        var isRecalled = message.RecalledAt is not null;
        views.Apply(new MessageChange(
            message.ConversationId,
            place.PeerId is { } peerId ? [callerId, peerId] : [],
            new LastMessage(
                message.Seq, message.Version, sender, isRecalled ? MessageKinds.Recalled : message.Kind,
                isRecalled ? null : MessagePreview.Cut(message.Text), message.SentAt)));
    }
}
