namespace SampleIm.Load.Faults;

/// <summary>What became of attempts to send. Several threads count.</summary>
public sealed class SendTally
{
    private long _atOnce;
    private long _writtenByRetry;
    private long _foundByRetry;
    private long _unanswered;
    private long _unavailable;

    /// <summary>Messages that were acknowledged without a doubt before.</summary>
    public long AtOnce => Interlocked.Read(ref _atOnce);

    /// <summary>Messages whose first answer was lost, and whose retry was answered 201: they had not been committed.</summary>
    public long WrittenByRetry => Interlocked.Read(ref _writtenByRetry);

    /// <summary>Messages whose first answer was lost, and whose retry was answered 200: they had been committed.</summary>
    public long FoundByRetry => Interlocked.Read(ref _foundByRetry);

    /// <summary>Requests that were sent and got no answer.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Requests that were answered 503.</summary>
    public long Unavailable => Interlocked.Read(ref _unavailable);

    public void CountUnanswered() => Interlocked.Increment(ref _unanswered);

    public void CountUnavailable() => Interlocked.Increment(ref _unavailable);

    public void CountAcknowledged(bool wasInDoubt, bool wasThere) =>
        Interlocked.Increment(ref wasThere ? ref _foundByRetry : ref wasInDoubt ? ref _writtenByRetry : ref _atOnce);
}
