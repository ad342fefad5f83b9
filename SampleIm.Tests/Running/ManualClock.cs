namespace SampleIm.Tests.Running;

/// <summary>Time that passes only when a test says so. Timers run on real time, but for those that the test steers too.</summary>
public sealed class ManualClock : TimeProvider
{
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly List<Alarm> _alarms = [];
    private long _passedTicks;
    private long _setBackTicks;

    /// <summary>Whether a timer that rings once, such as a time limit, waits for this clock.</summary>
    public bool SteersTimers { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time)
    {
        var now = Interlocked.Add(ref _passedTicks, time.Ticks);
        Alarm[] due;
        lock (_alarms)
        {
            due = [.. _alarms.Where(alarm => alarm.DueTicks <= now)];
            Array.ForEach(due, alarm => alarm.DueTicks = long.MaxValue);
        }

        Array.ForEach(due, alarm => alarm.Ring());
    }

    /// <summary>How many of the timers that this clock steers ring within a time.</summary>
    public int CountDueWithin(TimeSpan time)
    {
        lock (_alarms)
        {
            return _alarms.Count(alarm => alarm.DueTicks <= GetTimestamp() + time.Ticks);
        }
    }

    /// <summary>Somebody sets the clock of the machine: no time passes.</summary>
    public void SetBack(TimeSpan time) => Interlocked.Add(ref _setBackTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        _start.AddTicks(Interlocked.Read(ref _passedTicks) - Interlocked.Read(ref _setBackTicks));

    public override long GetTimestamp() => Interlocked.Read(ref _passedTicks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (!SteersTimers || period != Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        lock (_alarms)
        {
            _alarms.Add(alarm);
        }

        return alarm;
    }

    private sealed class Alarm(ManualClock clock, Action ring) : ITimer
    {
        public long DueTicks { get; set; } = long.MaxValue;

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._alarms)
            {
                DueTicks = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._alarms)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
