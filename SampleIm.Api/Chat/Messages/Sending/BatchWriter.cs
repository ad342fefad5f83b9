using System.Data.Common;
using System.Diagnostics;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>
/// Writes messages that waited at the same time: in one transaction, and where one of them cannot be kept, in one more without
/// it. Nobody pays for another's message by having the own one written alone.
/// </summary>
public sealed partial class BatchWriter(
    Database database, MessageAppender appender, SendRefusals refusals, SendMetrics metrics, ILogger<BatchWriter> logger)
{
    /// <summary>
    /// Writes the messages and answers everybody who waits for one. Never throws: the line would stand still for good.
    /// </summary>
    public async Task WriteAsync(List<PendingSend> sends)
    {
        var writing = WriteAllAsync(sends);
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!writing.IsCompletedSuccessfully)
        {
            var fault = writing.Exception?.InnerException ?? new StorageUnavailableException("The write was broken off.");
            NoteUndone(sends.Count, fault);
            sends.ForEach(send => send.Fail(fault));
        }
    }

    private async Task WriteAllAsync(List<PendingSend> sends)
    {
        if (sends.Count == 1)
        {
            await WriteOneAsync(sends[0]);
        }
        else if (sends.Count > 1 && !await TryTogetherAsync(sends))
        {
            await WriteWithoutRefusedAsync(sends);
        }
    }

    private async Task WriteOneAsync(PendingSend send)
    {
        var began = 0L;
        var (messages, refusal) = await database.WriteAsync(transaction =>
        {
            began = Stopwatch.GetTimestamp();
            return appender.AppendAsync(transaction, [send]);
        }, CancellationToken.None, answer => answer.Refusal is null);
        if (refusal is not null)
        {
            NoteUndone(1, null);
            send.Complete(LedgerEntry.Refused(refusal));
            return;
        }

        metrics.Committed(1, Stopwatch.GetElapsedTime(began));
        send.Complete(LedgerEntry.Changed(messages[0]));
    }

    /// <summary>The usual case: all are good. False where one is not; nothing is written then.</summary>
    private async Task<bool> TryTogetherAsync(List<PendingSend> sends)
    {
        try
        {
            var began = 0L;
            var (messages, refusal) = await database.WriteAsync(transaction =>
            {
                began = Stopwatch.GetTimestamp();
                return appender.AppendAsync(transaction, sends);
            }, CancellationToken.None, answer => answer.Refusal is null);
            if (refusal is null)
            {
                metrics.Committed(messages.Count, Stopwatch.GetElapsedTime(began));
                foreach (var (send, message) in sends.Zip(messages))
                {
                    send.Complete(LedgerEntry.Changed(message));
                }

                return true;
            }

            NoteUndone(sends.Count, null);
        }
        catch (Exception fault) when (fault is not StorageUnavailableException)
        {
            // One of the messages may be the reason, such as by a clientId that was used: it is looked for.
            NoteUndone(sends.Count, fault);
        }

        return false;
    }

    /// <summary>
    /// One transaction again: what cannot be kept is found, dropped and answered by itself, and the others are written
    /// together. The first message of a direct conversation stands alone, because with a refused one its conversation has to be
    /// undone as well.
    /// </summary>
    private async Task WriteWithoutRefusedAsync(List<PendingSend> sends)
    {
        var began = 0L;
        var outcomes = await database.WriteAsync(async transaction =>
        {
            began = Stopwatch.GetTimestamp();
            var outcomes = new Outcomes();
            var known = sends.FindAll(send => send.Place.ConversationId is not null);
            var first = sends.FindAll(send => send.Place.ConversationId is null);
            foreach (var (send, code) in await refusals.FindAsync(transaction, known))
            {
                outcomes[send] = (LedgerEntry.Refused(code), null);
            }

            var rest = known.FindAll(send => !outcomes.ContainsKey(send));
            var alone = rest.Count > 1 && await TryNestedAsync(transaction, rest, outcomes) ? first : [.. rest, .. first];
            foreach (var send in alone)
            {
                await TryNestedAsync(transaction, [send], outcomes);
            }

            return outcomes;
        }, CancellationToken.None);
        var kept = outcomes.Values.Count(outcome => outcome.Entry is { IsChanged: true });
        metrics.Committed(kept, Stopwatch.GetElapsedTime(began));
        foreach (var (send, (entry, fault)) in outcomes)
        {
            send.End(entry, fault);
        }
    }

    /// <summary>
    /// False where the messages cannot be kept together: nothing of them is written then, and a lone one has its outcome.
    /// </summary>
    private async Task<bool> TryNestedAsync(DbTransaction transaction, List<PendingSend> sends, Outcomes outcomes)
    {
        try
        {
            var (messages, refusal) = await database.NestAsync(
                transaction, () => appender.AppendAsync(transaction, sends), answer => answer.Refusal is null);
            foreach (var (send, message) in sends.Zip(messages))
            {
                outcomes[send] = (LedgerEntry.Changed(message), null);
            }

            if (refusal is not null && sends.Count == 1)
            {
                outcomes[sends[0]] = (LedgerEntry.Refused(refusal), null);
            }

            return refusal is null;
        }
        catch (Exception fault) when (!database.EndsTransaction(fault))
        {
            NoteUndone(sends.Count, fault);
            if (sends.Count == 1)
            {
                outcomes[sends[0]] = (null, fault);
            }

            return false;
        }
    }

    /// <param name="count">How many messages were to be written together.</param>
    /// <param name="fault">What they failed by; null where one of them was refused.</param>
    private void NoteUndone(int count, Exception? fault)
    {
        metrics.Undone(fault);
        if (fault is not null and not UniqueViolationException)
        {
            LogFailed(logger, count, fault);
        }
        else if (count > 1)
        {
            // A lone one is a retry or a refusal, which its answer tells.
            LogRefused(logger, count);
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "One of {Count} messages was refused: the others are written without it")]
    private static partial void LogRefused(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages could not be written together")]
    private static partial void LogFailed(ILogger logger, int count, Exception fault);

    /// <summary>What came of each message: an entry, or a fault of its own.</summary>
    private sealed class Outcomes : Dictionary<PendingSend, (LedgerEntry? Entry, Exception? Fault)>;
}
