using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.People.Accounts;


namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>A message on its way into the database, and the sender who waits for it.</summary>
public sealed class PendingSend(ConversationPlace place, KnownUser sender, MessageDraft draft)
{
    private readonly TaskCompletionSource<LedgerEntry> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConversationPlace Place { get; } = place;

    public KnownUser Sender { get; } = sender;

    public MessageDraft Draft { get; } = draft;

    public Task<LedgerEntry> Answer => _answer.Task;

    /// <summary>The write is over: committed, or refused.</summary>
    public void Complete(LedgerEntry entry) => _answer.TrySetResult(entry);

    public void Fail(Exception fault) => _answer.TrySetException(fault);

    /// <summary>The one or the other: it came to an entry, or failed by itself.</summary>
    public void End(LedgerEntry? entry, Exception? fault)
    {
        if (fault is null)
        {
            Complete(entry!);
        }
        else
        {
            Fail(fault);
        }
    }
}
