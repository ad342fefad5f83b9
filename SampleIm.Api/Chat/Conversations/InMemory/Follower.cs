using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;


namespace SampleIm.Api.Chat.Conversations.InMemory;

/// <summary>
/// Follows what other servers on the same database do, twice a second: new messages, cursors, names, ended sessions. So
/// whatever server somebody polls, the answer is at most a second behind, and a poll still runs no SQL.
/// </summary>
public sealed partial class Follower(
    ChangeLog log, Views views, KnownUsers known, Sessions sessions, TimeProvider clock, ILogger<Follower> logger)
    : BackgroundService
{
    /// <summary>A write bears the time at which it began, by the clock of its server: it may show this much later.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<long, DateTimeOffset> _seenUsers = [];
    private Dictionary<long, long> _seenVersions = [];
    private Dictionary<(long UserId, long ConversationId), long> _seenCursors = [];
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
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Nobody is above this loop to catch anything, and the server must not end for it. Said once. What is in memory
                // is still answered, and followed from where this stopped.
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
            views.Apply(WithoutSeen(changes));
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

    /// <summary>The overlap brings each change many times; it is applied once.</summary>
    private RecentChanges WithoutSeen(RecentChanges changes)
    {
        var unseen = changes with
        {
            Conversations = [.. changes.Conversations.Where(row => _seenVersions.GetValueOrDefault(row.Id, -1) != row.Version)],
            Cursors = [
                .. changes.Cursors.Where(
                    row => _seenCursors.GetValueOrDefault((row.UserId, row.ConversationId), -1) != row.ReadSeq)],
        };
        _seenVersions = changes.Conversations.ToDictionary(row => row.Id, row => row.Version);
        _seenCursors = changes.Cursors.ToDictionary(row => (row.UserId, row.ConversationId), row => row.ReadSeq);
        return unseen;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changes of other servers cannot be followed: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string reason);
}
