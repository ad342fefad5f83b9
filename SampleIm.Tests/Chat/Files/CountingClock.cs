using System.Collections.Concurrent;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Files;

/// <summary>Says how many of its timers are set: so many reads wait, however far their bytes are on the way.</summary>
public sealed class CountingClock : TestClock
{
    private readonly ConcurrentDictionary<ITimer, DateTimeOffset> _due = new();

    public int CountDueWithin(TimeSpan time)
    {
        var last = GetUtcNow() + time;
        return _due.Values.Count(due => due <= last);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // One that comes round again is the server's own, and no read.
        return period == Timeout.InfiniteTimeSpan ? new Timer(this, timer).Note(dueTime) : timer;
    }

    private sealed class Timer(CountingClock clock, ITimer timer) : ITimer
    {
        public Timer Note(TimeSpan dueTime)
        {
            clock._due[this] = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock.GetUtcNow() + dueTime;
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Note(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock._due.TryRemove(this, out _);
            timer.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            clock._due.TryRemove(this, out _);
            await timer.DisposeAsync();
        }
    }
}
