using System.Diagnostics;
using Microsoft.Extensions.Options;
using SampleIm.Api.Metrics;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Messages;

/// <summary>
/// Group commit: messages that wait at the same time are written in one transaction and share its way to the disk. Nobody
/// waits for company: whoever comes alone is written at once, and whoever comes meanwhile is in the next transaction.
/// docs/sending.md says why nothing is lost by it.
/// </summary>
public sealed class GroupCommit
{
    /// <summary>In one transaction. More would not make a message cheaper, only the first one later.</summary>
    public const int MostAtOnce = 128;

    /// <summary>Behind a write that hangs; then senders are told to come again rather than left waiting one after the other.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(2);

    private readonly Database _database;
    private readonly MessageAppender _appender;
    private readonly SendMetrics _metrics;
    private readonly SendLine[] _lines;
    private readonly int _mostWaiting;
    private int _waiting;

    public GroupCommit(Database database, MessageAppender appender, SendMetrics metrics, IOptions<MessageOptions> options)
    {
        (_database, _appender, _metrics, _mostWaiting) = (database, appender, metrics, options.Value.MaxWaiting);
        metrics.WatchQueue(() => Length);
        _lines = [.. Enumerable.Range(0, database.Dialect.ParallelSends).Select(_ => new SendLine(CommitAsync))];
    }

    /// <summary>How many messages wait or are being written.</summary>
    public int Length => Volatile.Read(ref _waiting);

    /// <summary>Answers once the message is on the disk, or refused.</summary>
    /// <exception cref="StorageUnavailableException">Too many wait already, or the database cannot do it now.</exception>
    /// <exception cref="UniqueViolationException">The clientId or the picture was used; or the direct conversation has just begun.</exception>
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
            await using var hangUp = cancellation.UnsafeRegister(_ => line.GiveUp(send, new OperationCanceledException(cancellation)), null);
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

    /// <summary>What was begun is waited for, for it may be written; what was not begun in time never will be.</summary>
    private static async Task<LedgerEntry> AnswerAsync(SendLine line, PendingSend send)
    {
        try
        {
            return await send.Answer.WaitAsync(s_longestWait);
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

    /// <summary>Writes the messages and tells everybody. Never throws.</summary>
    private async Task CommitAsync(List<PendingSend> sends)
    {
        try
        {
            if (sends.Count > 0 && !await TryTogetherAsync(sends))
            {
                await OneByOneAsync(sends);
            }
        }
        catch (Exception fault)
        {
            // Not swallowed: everybody who waits gets it, and nobody else could.
            foreach (var send in sends)
            {
                send.Fail(fault);
            }
        }
    }

    /// <summary>The usual case: all are good. False where one is not; nothing is written then.</summary>
    private async Task<bool> TryTogetherAsync(List<PendingSend> sends)
    {
        if (sends.Any(send => send.Place.ConversationId is null))
        {
            return false;
        }

        IReadOnlyList<MessageRow> messages;
        try
        {
            var began = 0L;
            (messages, var refusal) = await _database.WriteAsync(transaction =>
            {
                began = Stopwatch.GetTimestamp();
                return _appender.AppendAsync(transaction, sends);
            }, CancellationToken.None, answer => answer.Refusal is null);
            if (refusal is not null)
            {
                return false;
            }

            _metrics.Committed(messages.Count, Stopwatch.GetElapsedTime(began));
        }
        catch (Exception fault) when (fault is not StorageUnavailableException)
        {
            // Whosever it is: the careful way finds out.
            return false;
        }

        for (var index = 0; index < sends.Count; index++)
        {
            sends[index].Complete(LedgerEntry.Changed(messages[index]));
        }

        return true;
    }

    /// <summary>Still one transaction, but what is wrong with one message is undone and answered by itself.</summary>
    private async Task OneByOneAsync(List<PendingSend> sends)
    {
        var began = 0L;
        var outcomes = await _database.WriteAsync(async transaction =>
        {
            began = Stopwatch.GetTimestamp();
            var outcomes = new List<(LedgerEntry? Entry, Exception? Fault)>(sends.Count);
            foreach (var send in sends)
            {
                try
                {
                    outcomes.Add((await _database.NestAsync(transaction, () => _appender.AppendAsync(transaction, send), entry => entry.IsChanged), null));
                }
                catch (Exception fault) when (!_database.EndsTransaction(fault))
                {
                    outcomes.Add((null, fault));
                }
            }

            return outcomes;
        }, CancellationToken.None);
        _metrics.Committed(outcomes.Count(outcome => outcome.Entry is { IsChanged: true }), Stopwatch.GetElapsedTime(began));
        foreach (var (send, (entry, fault)) in sends.Zip(outcomes))
        {
            if (fault is null)
            {
                send.Complete(entry!);
            }
            else
            {
                send.Fail(fault);
            }
        }
    }
}
