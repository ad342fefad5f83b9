namespace SampleIm.Tests.Running;

/// <summary>Time that passes only when a test says so. Timers run on real time.</summary>
public sealed class ManualClock : TimeProvider
{
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private long _passedTicks;
    private long _setBackTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _passedTicks, time.Ticks);

    /// <summary>Somebody sets the clock of the machine: no time passes.</summary>
    public void SetBack(TimeSpan time) => Interlocked.Add(ref _setBackTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Interlocked.Read(ref _passedTicks) - Interlocked.Read(ref _setBackTicks));

    public override long GetTimestamp() => Interlocked.Read(ref _passedTicks);
}
