using System.Diagnostics;
using SampleIm.Api.Accounts;
using SampleIm.Api.Conversations;

namespace SampleIm.Api.Messages;

/// <summary>A message on its way into the database, and whoever waits for it.</summary>
public sealed class PendingSend(ConversationPlace place, KnownUser sender, MessageDraft draft)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<LedgerEntry> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since = Stopwatch.GetTimestamp();
    private int _state;

    public ConversationPlace Place { get; } = place;

    public KnownUser Sender { get; } = sender;

    public MessageDraft Draft { get; } = draft;

    public Task<LedgerEntry> Answer => _answer.Task;

    /// <summary>How long the sender has waited.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(_since);

    /// <summary>False where nobody waits any more: then it is not written. From here on it is finished, waited for or not.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>The sender no longer waits. Has no effect on what was begun.</summary>
    public void Abandon(CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting)
        {
            _answer.TrySetCanceled(cancellation);
        }
    }

    /// <summary>The write is over: committed, or refused.</summary>
    public void Complete(LedgerEntry entry) => _answer.TrySetResult(entry);

    public void Fail(Exception fault) => _answer.TrySetException(fault);
}
