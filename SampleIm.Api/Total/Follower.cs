using SampleIm.Api.Accounts;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Total;

/// <summary>
/// Follows what other servers on the same database do, twice a second: new messages, cursors, names, ended sessions. So
/// whatever server somebody polls, the answer is at most a second behind, and a poll still runs no SQL.
/// </summary>
public sealed partial class Follower(ChangeLog log, Views views, KnownUsers known, Sessions sessions, TimeProvider clock, ILogger<Follower> logger)
    : BackgroundService
{
    /// <summary>A write bears the time at which it began, by the clock of its server: it may show this much later.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<long, DateTimeOffset> _seenUsers = [];
    private DateTimeOffset _lastFollowed = clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasReachable = true;
        using var timer = new PeriodicTimer(s_interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FollowAsync(stoppingToken);
                wasReachable = true;
            }
            catch (StorageUnavailableException fault)
            {
                // Said once. What is in memory is still answered, and followed from where this stopped.
                if (wasReachable)
                {
                    LogUnreachable(logger, fault.Message);
                }

                wasReachable = false;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var since = _lastFollowed - Overlap;
        var users = await known.WhileNamesStandAsync(async () =>
        {
            var changes = await log.ListAsync(since, cancellation);
            views.Apply(changes);
            return changes.Users;
        });
        foreach (var user in users.Where(user => !_seenUsers.TryGetValue(user.Id, out var seen) || seen != user.ChangedAt))
        {
            known.Rename(user.Id, user.DisplayName);
            await sessions.RecheckAsync(user.Id, cancellation);
            _seenUsers[user.Id] = user.ChangedAt;
        }

        foreach (var (id, _) in _seenUsers.Where(user => user.Value < since).ToList())
        {
            _seenUsers.Remove(id);
        }

        _lastFollowed = now;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changes of other servers cannot be followed: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string reason);
}
