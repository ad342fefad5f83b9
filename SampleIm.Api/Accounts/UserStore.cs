using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Names;
using SampleIm.Api.Problems;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Accounts;

/// <summary>
/// The accounts that Identity works on. Counting failed sign-ins and locking are statements of their own that take effect
/// at once: two wrong passwords at the same time count as two, and no stale copy of a user writes them away again.
/// </summary>
public sealed class UserStore(Database database, TimeProvider clock)
    : IUserPasswordStore<User>, IUserSecurityStampStore<User>, IUserLockoutStore<User>
{
    private const string InsertUser = """
        /* Users.Create */
        INSERT INTO users (username, username_key, username_search_key, display_name, display_name_key, email,
                           password_hash, security_stamp, created_at, changed_at)
        VALUES (@Username, @UsernameKey, @UsernameSearchKey, @DisplayName, @DisplayNameKey, @Email,
                @PasswordHash, @SecurityStamp, @CreatedAt, @CreatedAt)
        """;

    private const string JoinLobby = """
        /* Users.JoinLobby: what was said before counts as read */
        INSERT INTO members (conversation_id, user_id, joined_at, read_seq, changed_at)
        SELECT c.id, u.id, u.created_at, c.last_seq, u.created_at
        FROM conversations c, users u
        WHERE c.slug = 'lobby' AND u.username_key = @UsernameKey
        """;

    private const string SelectByKey = """
        /* Users.FindByName */
        SELECT id, username, username_key, display_name, email, bio, password_hash, security_stamp, security_stamp AS stored_stamp, failed_sign_ins, locked_until, created_at
        FROM users
        WHERE username_key = @key
        """;

    private const string SelectById = """
        /* Users.FindById */
        SELECT id, username, username_key, display_name, email, bio, password_hash, security_stamp, security_stamp AS stored_stamp, failed_sign_ins, locked_until, created_at
        FROM users
        WHERE id = @id
        """;

    /// <summary>Inserts the user and makes the user a member of the lobby.</summary>
    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        user.CreatedAt = clock.GetUtcNow();
        try
        {
            user.Id = await database.WriteAsync(transaction => InsertAsync(transaction, user), cancellationToken);
            return IdentityResult.Success;
        }
        catch (UniqueViolationException)
        {
            return IdentityResult.Failed(new IdentityError { Code = ProblemCodes.AccountUsernameTaken, Description = "Somebody else has this username." });
        }
    }

    /// <summary>
    /// Writes a new password with its new security stamp, which ends every session but the one that is kept. Identity calls
    /// this also where nothing of that has changed, with a copy of the user that may be old by now: then nothing is written.
    /// </summary>
    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        if (user.SecurityStamp == user.StoredStamp)
        {
            return IdentityResult.Success;
        }

        // Once begun it is finished: a client that hangs up must not leave the old sessions alive under the new password.
        var isWritten = await database.WriteAsync(transaction => WritePasswordAsync(transaction, user), CancellationToken.None);
        return isWritten
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = ProblemCodes.AccountWrongPassword, Description = "The password has just been changed elsewhere." });
    }

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        FindByIdAsync(long.Parse(userId, CultureInfo.InvariantCulture), cancellationToken);

    public Task<User?> FindByIdAsync(long id, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<User>(SelectById, new { id }), cancellation);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<User>(SelectByKey, new { key = normalizedUserName }), cancellationToken);

    /// <summary>By a name as somebody typed it.</summary>
    public async Task<User?> FindByUsernameAsync(string username, CancellationToken cancellation)
    {
        foreach (var key in NameKey.ToLookUpTyped(username))
        {
            if (await FindByNameAsync(key, cancellation) is { } user)
            {
                return user;
            }
        }

        return null;
    }

    public async Task<int> IncrementAccessFailedCountAsync(User user, CancellationToken cancellationToken)
    {
        return user.FailedSignIns = await database.WriteAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync("""
                /* Users.CountFailedSignIn */
                UPDATE users SET failed_sign_ins = failed_sign_ins + 1 WHERE id = @Id
                """, user, transaction);
            return await transaction.Connection!.QuerySingleOrDefaultAsync<int>("""
                /* Users.FailedSignIns */
                SELECT failed_sign_ins FROM users WHERE id = @Id
                """, user, transaction);
        }, cancellationToken);
    }

    public Task ResetAccessFailedCountAsync(User user, CancellationToken cancellationToken)
    {
        user.FailedSignIns = 0;
        return WriteAsync("/* Users.ForgetFailedSignIns */ UPDATE users SET failed_sign_ins = 0 WHERE id = @Id", user, cancellationToken);
    }

    public Task SetLockoutEndDateAsync(User user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return WriteAsync("/* Users.Lock */ UPDATE users SET locked_until = @LockedUntil WHERE id = @Id", user, cancellationToken);
    }

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(AccountSetup.IsLocked(user.LockedUntil, clock.GetUtcNow()) ? user.LockedUntil : null);

    public Task<int> GetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.FailedSignIns);

    public Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString(CultureInfo.InvariantCulture));

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Username);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken)
    {
        user.Username = userName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UsernameKey);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken)
    {
        user.UsernameKey = normalizedName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Accounts are not deleted: their messages stay.");

    public void Dispose()
    {
        // Identity disposes its stores; this one holds nothing of its own.
    }

    private static async Task<long> InsertAsync(DbTransaction transaction, User user)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(InsertUser, new
        {
            user.Username,
            user.UsernameKey,
            user.DisplayName,
            UsernameSearchKey = SearchKey.Of(user.Username),
            DisplayNameKey = SearchKey.Of(user.DisplayName),
            user.Email,
            user.PasswordHash,
            user.SecurityStamp,
            user.CreatedAt,
        }, transaction);
        await connection.ExecuteAsync(JoinLobby, user, transaction);
        return await connection.QuerySingleAsync<long>("/* Users.IdOfCreated */ SELECT id FROM users WHERE username_key = @UsernameKey", user, transaction);
    }

    private async Task<bool> WritePasswordAsync(DbTransaction transaction, User user)
    {
        var connection = transaction.Connection!;
        var arguments = new { user.Id, user.PasswordHash, user.SecurityStamp, user.StoredStamp, user.SessionToKeep, now = clock.GetUtcNow() };
        var rows = await connection.ExecuteAsync("""
            /* Users.UpdatePassword */
            UPDATE users
            SET password_hash = @PasswordHash, security_stamp = @SecurityStamp, changed_at = @now
            WHERE id = @Id AND security_stamp = @StoredStamp
            """, arguments, transaction);
        await connection.ExecuteAsync("""
            /* Users.KeepSession */
            UPDATE sessions
            SET security_stamp = @SecurityStamp
            WHERE id = @SessionToKeep AND user_id = @Id AND security_stamp = @StoredStamp
            """, arguments, transaction);
        return rows > 0;
    }

    private Task<int> WriteAsync(string statement, User user, CancellationToken cancellation) =>
        database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(statement, user, transaction), cancellation);
}
