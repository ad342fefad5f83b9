using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>An attempt at a password that was counted, before anybody looked at the password.</summary>
/// <param name="Bucket">Where it was counted.</param>
/// <param name="Number">Which one it is there, from 1.</param>
/// <param name="EndsAt">When the count ends, and with it the lock where there is one.</param>
/// <param name="Limited">The answer where the attempt may not be made now, and was not counted.</param>
public sealed record SignInAttempt(string Bucket, long Number, DateTimeOffset EndsAt, ApiProblem? Limited)
{
    /// <summary>When the lock ends that this attempt met; null where its password may be looked at.</summary>
    public DateTimeOffset? LockedUntil => Number > AccountSetup.MostFailures ? EndsAt : null;

    /// <summary>When the lock ends that this attempt brings, if its password is wrong.</summary>
    public DateTimeOffset? LocksUntil => Number == AccountSetup.MostFailures ? EndsAt : null;
}

/// <summary>
/// Counts attempts at passwords in the database, so that a restart forgets none and several servers count together. Each is
/// counted before its password is looked at: of many at once exactly as many are looked at as are allowed, whether or not the
/// name exists.
/// </summary>
public sealed partial class SignInAttempts(Database database, TimeProvider clock, ILogger<SignInAttempts> logger)
    : BackgroundService
{
    /// <summary>How long an attempt counts after which no other came.</summary>
    public static readonly TimeSpan CountedFor = TimeSpan.FromHours(1);

    /// <summary>Rows that are kept at most; of more, those that lock nothing and would end first are removed.</summary>
    public const int MostRows = 100_000;

    /// <summary>How much the clocks of servers on one database may differ.</summary>
    private static readonly TimeSpan s_clockTolerance = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    // A count whose end lies further off than any that is made was made before the clock was set back.
    private const string CountOnSqlite = """
        /* SignInAttempts.Count: in one statement; here all expressions see the row as it was */
        INSERT INTO sign_in_attempts (bucket, attempts, ends_at) VALUES (@bucket, 1, @countEnd)
        ON CONFLICT (bucket) DO UPDATE SET
            attempts = CASE
                WHEN ends_at <= @now OR ends_at > CASE WHEN attempts >= @most THEN @latestLock ELSE @latestCount END THEN 1
                ELSE attempts + 1 END,
            ends_at = CASE
                WHEN ends_at <= @now OR ends_at > CASE WHEN attempts >= @most THEN @latestLock ELSE @latestCount END
                    THEN @countEnd
                WHEN attempts >= @most THEN ends_at
                WHEN attempts = @most - 1 THEN @lockEnd
                ELSE @countEnd END
        """;

    private const string CountOnMySql = """
        /* SignInAttempts.Count: in one statement; here the second expression sees what the first one has set */
        INSERT INTO sign_in_attempts (bucket, attempts, ends_at) VALUES (@bucket, 1, @countEnd)
        ON DUPLICATE KEY UPDATE
            attempts = CASE
                WHEN ends_at <= @now OR ends_at > CASE WHEN attempts >= @most THEN @latestLock ELSE @latestCount END THEN 1
                ELSE attempts + 1 END,
            ends_at = CASE WHEN attempts > @most THEN ends_at WHEN attempts = @most THEN @lockEnd ELSE @countEnd END
        """;

    private const string SelectCounted = """
        /* SignInAttempts.Counted */
        SELECT attempts, ends_at FROM sign_in_attempts WHERE bucket = @bucket
        """;

    private const string SelectIsTooMany = """
        /* SignInAttempts.IsTooMany: found by index, while there are not too many */
        SELECT ends_at FROM sign_in_attempts ORDER BY ends_at DESC LIMIT 1 OFFSET @mostRows
        """;

    // A lock ends sooner than a count: without the first expression a flood of other names would end the locks.
    private const string SelectFirstTooMany = """
        /* SignInAttempts.FirstTooMany */
        SELECT attempts, ends_at FROM sign_in_attempts
        ORDER BY CASE WHEN attempts >= @mostAttempts THEN 1 ELSE 0 END DESC, ends_at DESC LIMIT 1 OFFSET @mostRows
        """;

    /// <summary>Attempts under a name from a network. A digest, because some people type their password as a name.</summary>
    public static string BucketOf(string nameKey, IPAddress network) => Digest($"name\n{nameKey}\n{network}");

    /// <summary>Attempts from a device on which the name's owner has signed in before.</summary>
    public static string BucketOfDevice(string id) => Digest($"device\n{id}");

    /// <summary>Attempts of somebody who is signed in, at the own password.</summary>
    public static string BucketOf(Session session) => Digest($"session\n{session.Id}");

    /// <summary>Counts one more attempt. One that meets a lock, or that may not be made, changes nothing.</summary>
    /// <param name="bucket">Where to count it.</param>
    /// <param name="limit">Another limit, asked for attempts that meet no lock: its refusal, or null.</param>
    /// <param name="cancellation">The client hung up.</param>
    public Task<SignInAttempt> CountAsync(string bucket, Func<ApiProblem?>? limit, CancellationToken cancellation)
    {
        return database.WriteAsync(CountAsync, cancellation, attempt => attempt is { LockedUntil: null, Limited: null });

        async Task<SignInAttempt> CountAsync(DbTransaction transaction)
        {
            var counted = await CountRowAsync(transaction, bucket);
            var attempt = new SignInAttempt(bucket, counted.Attempts, counted.EndsAt, null);
            return attempt.LockedUntil is null ? attempt with { Limited = limit?.Invoke() } : attempt;
        }
    }

    /// <summary>The password was right: the attempts before it count no more.</summary>
    public Task<int> ForgetAsync(string bucket, CancellationToken cancellation) =>
        database.WriteAsync(transaction => ForgetAsync(transaction, bucket), cancellation);

    /// <summary>The same as a part of what the right password brings about.</summary>
    public static Task<int> ForgetAsync(DbTransaction transaction, string bucket) => transaction.Connection!.ExecuteAsync(
        "/* SignInAttempts.Forget */ DELETE FROM sign_in_attempts WHERE bucket = @bucket", new { bucket }, transaction);

    /// <summary>
    /// Removes the rows that have ended, and of too many those that would end first, locks last. Answers how many.
    /// </summary>
    public Task<int> SweepAsync(int mostRows, CancellationToken cancellation) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var ended = await connection.ExecuteAsync(
            "/* SignInAttempts.Sweep */ DELETE FROM sign_in_attempts WHERE ends_at <= @now",
            new { now = clock.GetUtcNow() }, transaction);
        return await connection.QuerySingleOrDefaultAsync<long?>(SelectIsTooMany, new { mostRows }, transaction) is null
            ? ended
            : ended + await TrimAsync(transaction, mostRows);
    }, cancellation);

    private static async Task<int> TrimAsync(DbTransaction transaction, int mostRows)
    {
        var connection = transaction.Connection!;
        var mostAttempts = AccountSetup.MostFailures;
        var first = await connection.QuerySingleAsync<CountedRow>(
            SelectFirstTooMany, new { mostRows, mostAttempts }, transaction);
        var areLocks = first.Attempts >= mostAttempts;
        return await connection.ExecuteAsync("""
            /* SignInAttempts.Trim */
            DELETE FROM sign_in_attempts
            WHERE (attempts < @mostAttempts AND (@areLocks = 1 OR ends_at <= @EndsAt))
                OR (attempts >= @mostAttempts AND @areLocks = 1 AND ends_at <= @EndsAt)
            """, new { mostAttempts, first.EndsAt, areLocks = areLocks ? 1 : 0 }, transaction);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(MostRows, stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Nobody is above this loop to catch anything, and the next round tries again.
                LogFailed(logger, fault);
            }
        }
    }

    private async Task<CountedRow> CountRowAsync(DbTransaction transaction, string bucket)
    {
        var now = clock.GetUtcNow();
        var arguments = new
        {
            bucket,
            now,
            most = AccountSetup.MostFailures,
            countEnd = now + CountedFor,
            lockEnd = now + AccountSetup.LockedFor,
            latestCount = now + CountedFor + s_clockTolerance,
            latestLock = now + AccountSetup.LockedFor + s_clockTolerance,
        };
        var count = database.Dialect.Name is "sqlite" ? CountOnSqlite : CountOnMySql;
        await transaction.Connection!.ExecuteAsync(count, arguments, transaction);
        return await transaction.Connection!.QuerySingleAsync<CountedRow>(SelectCounted, arguments, transaction);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempts to sign in that count no more could not be removed")]
    private static partial void LogFailed(ILogger logger, Exception fault);

    private sealed class CountedRow
    {
        public long Attempts { get; init; }

        public DateTimeOffset EndsAt { get; init; }
    }
}
