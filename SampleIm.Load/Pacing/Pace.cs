using System.Diagnostics;
using System.Net;
using SampleIm.Load.Measuring;

namespace SampleIm.Load.Pacing;

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

    /// <summary>Set where the server refuses by its rate limits: the run makes no sense then.</summary>
    public bool IsRateLimited { get; set; }

    public bool IsRunning => _isRunning;

    /// <summary>Open loop: a request is due each period, whether or not the one before is answered.</summary>
    public static Pace ByTheClock(IPEndPoint server, Schedule schedule, TimeSpan period) => new(server, schedule, period, false);

    /// <summary>As the page does: the next request is due a period after the answer, or when the server said.</summary>
    public static Pace AfterAnswers(IPEndPoint server, Schedule schedule, TimeSpan period) => new(server, schedule, period, true);

    /// <summary>Closed loop: each answer is followed at once by the next request.</summary>
    public static Pace AtOnce(IPEndPoint server, Schedule schedule) => new(server, schedule, TimeSpan.Zero, false);

    /// <summary>Begins, each user at a moment of its own, spread evenly over the period.</summary>
    public void Start(IReadOnlyList<PacedUser> users)
    {
        _isRunning = true;
        var start = Stopwatch.GetTimestamp();
        for (var index = 0; index < users.Count; index++)
        {
            _schedule.Add(users[index], start + (Period * index / users.Count));
        }
    }

    /// <summary>No request becomes due from now on; what is due is still sent.</summary>
    public void Stop() => _isRunning = false;

    /// <summary>When a user whose request is due now has the next one due; null where the answer decides that.</summary>
    public long? NextAfter(long at) => Period > 0 && !_waitsAfterAnswers && _isRunning ? at + Period : null;

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
        if (_isRunning && (_waitsAfterAnswers || Period == 0))
        {
            _schedule.Add(user, now + Math.Max(Period, s_pauseAfterFault));
        }
    }
}
