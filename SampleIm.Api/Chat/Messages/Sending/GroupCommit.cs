using Microsoft.Extensions.Options;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>
/// Group commit: messages that wait at the same time are written in one transaction and share its way to the disk. Nobody
/// waits for company: anyone who comes alone is written at once, and anyone who comes meanwhile is in the next transaction.
/// docs/sending.md says why nothing is lost by it.
/// </summary>
public sealed class GroupCommit
{
    /// <summary>In one transaction. More would not make a message cheaper, only the first one later.</summary>
    public const int MostAtOnce = 128;

    /// <summary>
    /// Behind a write that hangs; then senders are told to come again rather than left waiting one after the other.
    /// </summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly SendLine[] _lines;
    private readonly int _mostWaiting;
    private int _waiting;

    public GroupCommit(
        Database database, BatchWriter writer, SendMetrics metrics, IOptions<MessageOptions> options, TimeProvider clock)
    {
        (_mostWaiting, _clock) = (options.Value.MaxWaiting, clock);
        metrics.WatchQueue(() => Length);
        _lines = [.. Enumerable.Range(0, database.Dialect.ParallelSends).Select(_ => new SendLine(writer.WriteAsync))];
    }

    /// <summary>How many messages wait or are being written.</summary>
    public int Length => Volatile.Read(ref _waiting);

    /// <summary>Answers once the message is on the disk, or refused.</summary>
    /// <exception cref="StorageUnavailableException">Too many wait already, or the database cannot do it now.</exception>
    /// <exception cref="UniqueViolationException">
    /// The clientId or the image was used; or the direct conversation has just begun.
    /// </exception>
    public async Task<LedgerEntry> AppendAsync(PendingSend send, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > _mostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StorageUnavailableException("Too many messages wait to be written.");
        }

        try
        {
            var line = LineOf(send);
            var isFirst = line.Add(send);
            await using var hangUp = cancellation.UnsafeRegister(
                _ => line.GiveUp(send, new OperationCanceledException(cancellation)), null);
            if (isFirst)
            {
                await line.WriteAsync();
            }

            return await AnswerAsync(line, send);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>What was begun is waited for, because it may be written; what was not begun in time never will be.</summary>
    private async Task<LedgerEntry> AnswerAsync(SendLine line, PendingSend send)
    {
        try
        {
            return await send.Answer.WaitAsync(s_longestWait, _clock);
        }
        catch (TimeoutException)
        {
            line.GiveUp(send, new StorageUnavailableException("The messages before it could not be written in time."));
            return await send.Answer;
        }
    }

    /// <summary>All messages of a conversation stand in one line: their order is that of their numbers.</summary>
    private SendLine LineOf(PendingSend send)
    {
        var key = send.Place.ConversationId ?? send.Sender.Id + send.Place.PeerId!.Value;
        return _lines[(int)(key % _lines.Length)];
    }
}
