namespace SampleIm.Load.Faults;

/// <summary>What readers did. Several threads count.</summary>
public sealed class ReadTally
{
    private long _polls;
    private long _notModified;
    private long _messages;

    /// <summary>Polls that were answered.</summary>
    public long Polls => Interlocked.Read(ref _polls);

    /// <summary>Of them, those by 304.</summary>
    public long NotModified => Interlocked.Read(ref _notModified);

    /// <summary>Messages that all readers got, together.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    public void CountPoll(bool isNotModified)
    {
        Interlocked.Increment(ref _polls);
        if (isNotModified)
        {
            Interlocked.Increment(ref _notModified);
        }
    }

    public void CountMessage() => Interlocked.Increment(ref _messages);
}
