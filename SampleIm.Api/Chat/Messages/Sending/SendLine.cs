namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>Messages that are written one batch after the other. There is no thread that waits: who comes first writes.</summary>
/// <param name="commit">Writes a batch and answers those who wait; does not throw.</param>
public sealed class SendLine(Func<List<PendingSend>, Task> commit)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<PendingSend> _waiting = new();
    private bool _isWriting;

    /// <summary>True where nobody is writing: then the caller has to, by <see cref="WriteAsync"/>.</summary>
    public bool Add(PendingSend send)
    {
        lock (_lock)
        {
            _waiting.AddLast(send);
            (var isFirst, _isWriting) = (!_isWriting, true);
            return isFirst;
        }
    }

    /// <summary>
    /// Takes a message out of the line, and answers its sender. Has no effect on what was begun: that is finished, waited for or
    /// not.
    /// </summary>
    public void GiveUp(PendingSend send, Exception reason)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(send))
            {
                return;
            }
        }

        send.Fail(reason);
    }

    /// <summary>Returns when the caller's own message is written; the caller does not wait for the others'.</summary>
    public async Task WriteAsync()
    {
        await commit(Take());
        if (!IsDone())
        {
            _ = Task.Run(WriteAllAsync);
        }
    }

    private async Task WriteAllAsync()
    {
        do
        {
            await commit(Take());
        }
        while (!IsDone());
    }

    private List<PendingSend> Take()
    {
        var batch = new List<PendingSend>();
        lock (_lock)
        {
            while (batch.Count < GroupCommit.MostAtOnce && _waiting.First is { } next)
            {
                batch.Add(next.Value);
                _waiting.RemoveFirst();
            }
        }

        return batch;
    }

    private bool IsDone()
    {
        lock (_lock)
        {
            _isWriting = _waiting.Count > 0;
            return !_isWriting;
        }
    }
}
