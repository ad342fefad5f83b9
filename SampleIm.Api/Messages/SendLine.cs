namespace SampleIm.Api.Messages;

/// <summary>Messages that are written one batch after the other. There is no thread that waits: who comes first writes.</summary>
/// <param name="commit">Writes a batch and answers those who wait; does not throw.</param>
public sealed class SendLine(Func<List<PendingSend>, Task> commit)
{
    private readonly Lock _lock = new();
    private readonly Queue<PendingSend> _waiting = new();
    private bool _isWriting;

    /// <summary>Where nobody is writing, returns when the message is written; else at once, and another writes it.</summary>
    public async Task EnqueueAsync(PendingSend send)
    {
        lock (_lock)
        {
            _waiting.Enqueue(send);
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        await commit(Take());
        if (!IsDone())
        {
            // The own message is written: the others' are not this caller's to wait for.
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
            while (batch.Count < GroupCommit.MostAtOnce && _waiting.TryDequeue(out var send))
            {
                if (send.TryBegin())
                {
                    batch.Add(send);
                }
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
