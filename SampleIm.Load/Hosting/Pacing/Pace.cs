using System.Diagnostics;
using System.Net;
using SampleIm.Load.Hosting.Measuring;

namespace SampleIm.Load.Hosting.Pacing;

/// <summary>When the users of one kind ask: by the clock, after each answer, or as often as they can.</summary>
public sealed class Pace
{
    /// <summary>How long a user waits before it tries again after a fault, where no clock says when.</summary>
    private static readonly long s_pauseAfterFault = Stopwatch.Frequency / 10;

    private readonly Schedule _schedule;
    private readonly bool _waitsAfterAnswers;
    private volatile bool _isRunning = true;

    private Pace(IPEndPoint server, Schedule schedule, TimeSpan period, bool waitsAfterAnswers)
    {
        (Server, _schedule, _waitsAfterAnswers) = (server, schedule, waitsAfterAnswers);
        Period = (long)(period.TotalSeconds * Stopwatch.Frequency);
    }

    public IPEndPoint Server { get; }

    public Tally Tally { get; } = new();

    /// <summary>Ticks between two requests of one user; 0 where each follows the answer before.</summary>
    public long Period { get; }

    /// <summary>Requests that are due before this moment are sent and not counted.</summary>
    public long CountsFrom { get; set; }

    /// <summary>By the clock, no request is due from this moment on.</summary>
    public long EndsAt { get; set; } = long.MaxValue;

    /// <summary>Set where the server refuses by its rate limits: the run makes no sense then.</summary>
    public bool IsRateLimited { get; set; }

    private bool IsByTheClock => Period > 0 && !_waitsAfterAnswers;

    /// <summary>Open loop: a request is due each period, whether or not the one before is answered.</summary>
    public static Pace ByTheClock(IPEndPoint server, Schedule schedule, TimeSpan period) => new(server, schedule, period, false);

    /// <summary>As the page does: the next request is due a period after the answer, or when the server said.</summary>
    public static Pace AfterAnswers(IPEndPoint server, Schedule schedule, TimeSpan period) => new(server, schedule, period, true);

    /// <summary>Closed loop: each answer is followed at once by the next request.</summary>
    public static Pace AtOnce(IPEndPoint server, Schedule schedule) => new(server, schedule, TimeSpan.Zero, false);

    /// <summary>Begins at that moment, each user at a moment of its own, spread evenly over the period.</summary>
    public void Start(IReadOnlyList<PacedUser> users, long at)
    {
        _isRunning = true;
        for (var index = 0; index < users.Count; index++)
        {
            _schedule.Add(users[index], at + (Period * index / users.Count));
        }
    }

    /// <summary>Nobody asks again from now on, unless the clock had a request due before the end.</summary>
    public void Stop() => _isRunning = false;

    /// <summary>
    /// When a user whose request is due now has the next one due; null where the answer decides that, or at the end.
    /// </summary>
    public long? NextAfter(long at) => IsByTheClock && at + Period < EndsAt ? at + Period : null;

    /// <summary>Whether a request that has become due is sent.</summary>
    public bool Takes() => IsByTheClock || _isRunning;

    /// <summary>Decides when the user asks next, after an answer.</summary>
    public void Answered(PacedUser user, long now, double pollIntervalS)
    {
        if (!_isRunning)
        {
            return;
        }

        if (_waitsAfterAnswers)
        {
            _schedule.Add(user, now + (pollIntervalS > 0 ? (long)(pollIntervalS * Stopwatch.Frequency) : Period));
        }
        else if (Period == 0)
        {
            user.Due(now);
        }
    }

    /// <summary>Decides when the user asks next, after a fault.</summary>
    public void Failed(PacedUser user, long now)
    {
        if (_isRunning && !IsByTheClock)
        {
            _schedule.Add(user, now + Math.Max(Period, s_pauseAfterFault));
        }
    }
}
