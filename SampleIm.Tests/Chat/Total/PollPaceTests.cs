using System.Globalization;
using SampleIm.Api.Chat.Total;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Total;

/// <summary>A server that cannot keep up asks its clients to come less often, and takes it back.</summary>
[TestClass]
public sealed class PollPaceTests
{
    private static readonly TimeSpan s_late = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan s_onTime = TimeSpan.FromMilliseconds(1);

    private readonly PollPace _pace = new();

    private double Seconds => double.Parse(_pace.Header, CultureInfo.InvariantCulture);

    [TestMethod]
    public void Pace_OfACalmServer_IsOneSecond()
    {
        Note(s_onTime, 100);
        Assert.AreEqual("1", _pace.Header);
    }

    [TestMethod]
    public void Pace_UnderOverload_RisesToItsLimitAndNoFurther()
    {
        var before = Seconds;
        for (var second = 0; second < 5; second++)
        {
            Note(s_late, 1);
            Assert.IsGreaterThanOrEqualTo(before, Seconds);
            before = Seconds;
        }

        Note(s_late, 100);
        Assert.AreEqual("2.5", _pace.Header);
    }

    [TestMethod]
    public void Pace_AfterAnOverload_ReturnsSlowly()
    {
        Note(s_late, 10);
        Note(s_between, 10);
        Assert.AreEqual("2.5", _pace.Header);
        Note(s_onTime, 5);
        Assert.IsGreaterThan(1.5, Seconds);
        Note(s_onTime, 60);
        Assert.AreEqual("1", _pace.Header);
    }

    [TestMethod]
    public async Task Poll_TellsThePace_AlsoWithA304()
    {
        using var app = new SampleImApp();
        var alice = await app.RegisterAsync();
        var etag = (await alice.GetAsync("/api/total")).Response.Headers.ETag!.ToString();
        for (var second = 0; second < 20; second++)
        {
            app.Get<PollPace>().Note(s_late);
        }

        var answer = await alice.GetAsync("/api/total", etag);
        Assert.AreEqual(304, answer.Status);
        Assert.IsGreaterThan(
            1, double.Parse(answer.Response.Headers.GetValues("X-Poll-Interval").Single(), CultureInfo.InvariantCulture));
    }

    private void Note(TimeSpan lateness, int times)
    {
        for (var time = 0; time < times; time++)
        {
            _pace.Note(lateness);
        }
    }
}
