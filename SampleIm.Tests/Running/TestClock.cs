using Microsoft.Extensions.Time.Testing;

namespace SampleIm.Tests.Running;

/// <summary>
/// Time that passes only when a test says so. The server's own rounds run on real time: a test calls the one that it is about
/// itself, and none comes between.
/// </summary>
public class TestClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        period == Timeout.InfiniteTimeSpan
            ? base.CreateTimer(callback, state, dueTime, period)
            : System.CreateTimer(callback, state, dueTime, period);
}
