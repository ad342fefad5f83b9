using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.People.Names;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// The sign-ins that are valid: rows in the database, so that they can be ended, and a copy in memory, so that a request
/// asks for none. Ending one takes effect in memory before the call that ends it answers.
/// </summary>
public sealed class Sessions(
    Database database, KnownUsers known, IOptions<AdminOptions> admins, ExpiringCaches caches, TimeProvider clock) : IDisposable
{
    /// <summary>An unused session ends after this time; using it in the second half extends it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private static readonly TimeSpan s_idleInMemory = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _cache = caches.Make();

    /// <summary>The same as the cache holds: asking the cache would renew them.</summary>
    private readonly ConcurrentDictionary<string, Session> _inMemory = new();
    private readonly Lock _keeping = new();
    private readonly HashSet<string?> _adminKeys =
        [.. admins.Value.Users.SelectMany(name => new[] { name, NameKey.Canonical(name) }).Select(NameKey.Earlier)];
    private long _endings;

    private const string SelectValid = """
        /* Sessions.Find */
        SELECT u.id AS user_id, u.username, u.display_name, s.expires_at
        FROM sessions s
        JOIN users u ON u.id = s.user_id AND u.security_stamp = s.security_stamp
        WHERE s.id = @id AND s.expires_at > @now
        """;

    /// <summary>Somebody has ended a session of theirs.</summary>
    public event Action<KnownUser>? SignedOut;

    /// <summary>How many are in memory.</summary>
    public int Count => _cache.Count;

    /// <summary>
    /// Goes by the narrower key of earlier releases: an account of theirs whose name only looks like the administrator's is not
    /// the administrator's.
    /// </summary>
    public bool IsAdmin(string username) => _adminKeys.Contains(NameKey.Earlier(username));

    /// <summary>Begins a session for a user whose password was just verified.</summary>
    /// <param name="user">Who signed in.</param>
    /// <param name="bucket">Where the attempts at the password were counted, which count no more; null at registration.</param>
    /// <param name="cancellation">The client hung up.</param>
    public async Task<string> StartAsync(User user, string? bucket, CancellationToken cancellation)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var now = clock.GetUtcNow();
        await database.WriteAsync(async transaction =>
        {
            var connection = transaction.Connection!;
            if (bucket is not null)
            {
                await SignInAttempts.ForgetAsync(transaction, bucket);
            }

            await connection.ExecuteAsync(
                "/* Sessions.RemoveExpired */ DELETE FROM sessions WHERE expires_at <= @now", new { now }, transaction);
            return await connection.ExecuteAsync("""
                /* Sessions.Start */
                INSERT INTO sessions (id, user_id, security_stamp, created_at, expires_at)
                VALUES (@id, @UserId, @SecurityStamp, @now, @expiresAt)
                """, new { id, UserId = user.Id, user.SecurityStamp, now, expiresAt = now + Lifetime }, transaction);
        }, cancellation);
        return id;
    }

    /// <summary>The session of this id while it is valid. No SQL where it was asked for in the last minutes.</summary>
    public ValueTask<Session?> FindAsync(string id, CancellationToken cancellation) =>
        _cache.TryGetValue(id, out Session? session) && session!.IsCurrent && session.ExpiresAt - clock.GetUtcNow() > Lifetime / 2
            ? ValueTask.FromResult<Session?>(session)
            : known.WhileNamesStandAsync(() => LoadAsync(id, cancellation));

    /// <summary>Whether a session that a request came with has ended while the request was read.</summary>
    public async ValueTask<bool> HasEndedAsync(Session session, CancellationToken cancellation) =>
        !session.IsCurrent && await FindAsync(session.Id, cancellation) is null;

    /// <summary>Ends one session: its cookie and its tokens are worth nothing from here on.</summary>
    public async Task EndAsync(Session session, CancellationToken cancellation)
    {
        var id = session.Id;
        await database.WriteAsync(async transaction =>
        {
            var arguments = new { id, now = clock.GetUtcNow() };
            var connection = transaction.Connection!;
            await connection.ExecuteAsync("""
                /* Sessions.NotifyOtherServers */
                UPDATE users SET changed_at = @now WHERE id = (SELECT user_id FROM sessions WHERE id = @id)
                """, arguments, transaction);
            return await connection.ExecuteAsync(
                "/* Sessions.End */ DELETE FROM sessions WHERE id = @id", arguments, transaction);
        }, cancellation);
        Interlocked.Increment(ref _endings);
        Forget(id);
        SignedOut?.Invoke(session.User);
    }

    /// <summary>
    /// Something about a user has changed, perhaps on another server: holds the sessions in memory against the database.
    /// </summary>
    public async Task RecheckAsync(long userId, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _endings);
        foreach (var id in IdsOf(userId))
        {
            if (await FindRowAsync(id, cancellation) is null)
            {
                Forget(id);
            }
        }
    }

    /// <summary>The user has a new security stamp in the database: every session in memory but one ends now.</summary>
    public void ForgetOthers(long userId, string keptId)
    {
        Interlocked.Increment(ref _endings);
        foreach (var id in IdsOf(userId).Where(id => id != keptId))
        {
            Forget(id);
        }
    }

    public void Dispose() => _cache.Dispose();

    private IEnumerable<string> IdsOf(long userId) =>
        _inMemory.Values.Where(session => session.User.Id == userId).Select(session => session.Id);

    private void Forget(string id)
    {
        lock (_keeping)
        {
            if (_inMemory.TryGetValue(id, out var session))
            {
                session.Retire();
            }

            _cache.Remove(id);
        }
    }

    private void Keep(Session session)
    {
        var options = new MemoryCacheEntryOptions { SlidingExpiration = s_idleInMemory };
        options.RegisterPostEvictionCallback((_, gone, _, _) =>
        {
            session.Retire();
            // It comes late: by now another object may stand for the session.
            if (_inMemory.TryGetValue(session.Id, out var present) && ReferenceEquals(present, gone))
            {
                _inMemory.TryRemove(new(session.Id, present));
            }
        });
        // Both or neither: of two that are kept at the same moment, the last one in the cache is the one that can be ended.
        lock (_keeping)
        {
            if (_inMemory.TryGetValue(session.Id, out var former))
            {
                former.Retire();
            }

            _inMemory[session.Id] = session;
            _cache.Set(session.Id, session, options);
        }
    }

    private async ValueTask<Session?> LoadAsync(string id, CancellationToken cancellation)
    {
        while (true)
        {
            var endings = Interlocked.Read(ref _endings);
            var row = await FindRowAsync(id, cancellation);
            if (row is null)
            {
                Forget(id);
                return null;
            }

            var session = new Session(
                id, known.Remember(row.UserId, row.Username, row.DisplayName), IsAdmin(row.Username), row.ExpiresAt);
            Keep(session);
            // A session that ended between the reading and the keeping must not live on in memory.
            if (endings == Interlocked.Read(ref _endings))
            {
                return session;
            }

            Forget(id);
        }
    }

    private async Task<SessionRow?> FindRowAsync(string id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var row = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<SessionRow>(SelectValid, new { id, now }), cancellation);
        if (row is not null && row.ExpiresAt - now <= Lifetime / 2)
        {
            row.ExpiresAt = now + Lifetime;
            await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
                "/* Sessions.Extend */ UPDATE sessions SET expires_at = @ExpiresAt WHERE id = @id", new { id, row.ExpiresAt },
                transaction), cancellation);
        }

        return row;
    }

    private sealed class SessionRow
    {
        public long UserId { get; init; }

        public string Username { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public DateTimeOffset ExpiresAt { get; set; }
    }
}

/// <summary>Section <c>Admin</c>.</summary>
public sealed class AdminOptions : IValidatableObject
{
    /// <summary>Usernames that are administrators: they may recall anybody's message.</summary>
    public IList<string> Users { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Users
        .Select((name, index) => (Name: name, Setting: $"{nameof(Users)}:{index}"))
        .Where(entry => !NameKey.IsWellFormed(entry.Name)
            || AccountRules.ValidateUsernameForm(entry.Name.Normalize(NormalizationForm.FormKC)) is not null)
        .Select(entry => new ValidationResult($"'{entry.Name}' is no username.", [entry.Setting]));
}
