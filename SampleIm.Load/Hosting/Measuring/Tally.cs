using System.Collections.Concurrent;
using System.Diagnostics;

namespace SampleIm.Load.Hosting.Measuring;

/// <summary>What became of requests of one kind. Many threads count at once.</summary>
public sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> _errors = new();
    private long _answered;
    private long _notModified;
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>From when a request was to be sent until its answer was there.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>From when a request was to be sent until the generator sent it: its own delay, none of the server's.</summary>
    public Latencies Lateness { get; } = new();

    /// <summary>Answers of status 2xx or 304.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Of them, those of status 304.</summary>
    public long NotModified => Interlocked.Read(ref _notModified);

    /// <summary>Bytes of answers, whole.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes of requests, whole.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    public long Errors => _errors.Values.Sum();

    /// <summary>Errors by what happened, most frequent first.</summary>
    public IReadOnlyDictionary<string, long> ErrorsByKind =>
        new OrderedDictionary<string, long>(_errors.OrderByDescending(error => error.Value));

    public void Answer(int status, long length)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Add(ref _bytesIn, length);
        if (status == 304)
        {
            Interlocked.Increment(ref _notModified);
        }
    }

    /// <summary>Counts an answer with its time.</summary>
    public void Answer(int status, long length, long dueAt)
    {
        Latencies.Add(Stopwatch.GetTimestamp() - dueAt);
        Answer(status, length);
    }

    public void Sent(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    public void Error(string kind, long count = 1) => _errors.AddOrUpdate(kind, count, (_, before) => before + count);
}
