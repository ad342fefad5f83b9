using System.Diagnostics;

namespace SampleIm.Load.Hosting.Pacing;

/// <summary>
/// One thread that tells users when their requests are due. A timer for each of many thousand users would cost more than their
/// requests.
/// </summary>
public sealed class Schedule : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<PacedUser, long> _due = new();
    private readonly Thread _thread;
    private volatile bool _isEnded;

    public Schedule()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "schedule" };
        _thread.Start();
    }

    /// <summary>
    /// Tells the user at that moment, by <see cref="Stopwatch.GetTimestamp"/>, and from then on as its pace says.
    /// </summary>
    public void Add(PacedUser user, long at)
    {
        lock (_lock)
        {
            _due.Enqueue(user, at);
        }
    }

    /// <summary>Whether a user has still to be told of what is due by now.</summary>
    public bool IsBehind()
    {
        lock (_lock)
        {
            return _due.TryPeek(out _, out var at) && at <= Stopwatch.GetTimestamp();
        }
    }

    public void Dispose()
    {
        _isEnded = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_isEnded)
        {
            while (Take(out var user, out var at))
            {
                user.Due(at);
            }

            Thread.Sleep(1);
        }
    }

    private bool Take(out PacedUser user, out long at)
    {
        lock (_lock)
        {
            if (!_due.TryPeek(out user!, out at) || at > Stopwatch.GetTimestamp() || _isEnded)
            {
                return false;
            }

            if (user.Pace.NextAfter(at) is { } next)
            {
                _due.DequeueEnqueue(user, next);
            }
            else
            {
                _due.Dequeue();
            }

            return true;
        }
    }
}
