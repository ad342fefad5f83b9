using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Names;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Accounts;

/// <summary>
/// The accounts that Identity works on. What changes in one later is a statement of its own with its condition inside, so that no
/// copy of a user that is old by now undoes a change.
/// </summary>
public sealed class UserStore(Database database, TimeProvider clock) : IUserPasswordStore<User>, IUserSecurityStampStore<User>
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

    private const string SelectByKeys = """
        /* Users.FindByName */
        SELECT id, username, username_key, display_name, email, bio, password_hash, security_stamp, created_at
        FROM users
        WHERE username_key IN @keys
        """;

    private const string SelectById = """
        /* Users.FindById */
        SELECT id, username, username_key, display_name, email, bio, password_hash, security_stamp, created_at
        FROM users
        WHERE id = @id
        """;

    private const string UpdatePassword = """
        /* Users.UpdatePassword: unless the session that asks for it has ended */
        UPDATE users
        SET password_hash = @passwordHash, security_stamp = @stamp, changed_at = @now
        WHERE id = @Id AND security_stamp = @SecurityStamp
          AND EXISTS (
              SELECT 1 FROM sessions s WHERE s.id = @sessionToKeep AND s.user_id = users.id AND s.security_stamp = @SecurityStamp)
        """;

    private const string KeepSession = """
        /* Users.KeepSession */
        UPDATE sessions SET security_stamp = @stamp WHERE id = @sessionToKeep
        """;

    private const string RenewHash = """
        /* Users.RenewHash: not over a password that was changed meanwhile */
        UPDATE users SET password_hash = @newHash WHERE id = @Id AND password_hash = @PasswordHash
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
            return IdentityResult.Failed(
                new IdentityError { Code = ProblemCodes.AccountUsernameTaken, Description = "Somebody else has this username." });
        }
    }

    /// <summary>Identity would write all of a user. Here each change has a statement of its own.</summary>
    public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A user is changed by the statement for that change.");

    /// <summary>
    /// Writes a new password with a new security stamp, which ends every session but the one that makes the change. False, and
    /// nothing is written, where the password has been changed or that session has ended since the user was read.
    /// </summary>
    public async Task<bool> ChangePasswordAsync(User user, string passwordHash, string sessionToKeep)
    {
        var stamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
        var arguments = new { user.Id, passwordHash, stamp, user.SecurityStamp, sessionToKeep, now = clock.GetUtcNow() };
        // Once begun it is finished: a client that hangs up must not leave the old sessions alive under the new password.
        var isWritten = await database.WriteAsync(
            async transaction => await transaction.Connection!.ExecuteAsync(UpdatePassword, arguments, transaction) > 0
                && await transaction.Connection!.ExecuteAsync(KeepSession, arguments, transaction) > 0,
            CancellationToken.None, isWritten => isWritten);
        if (isWritten)
        {
            (user.PasswordHash, user.SecurityStamp) = (passwordHash, stamp);
        }

        return isWritten;
    }

    /// <summary>Writes the same password's hash as it is made now. Sessions stay, and a password changed meanwhile.</summary>
    public Task<int> RenewHashAsync(User user, string newHash, CancellationToken cancellation)
    {
        var arguments = new { user.Id, user.PasswordHash, newHash };
        return database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(RenewHash, arguments, transaction), cancellation);
    }

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        FindByIdAsync(long.Parse(userId, CultureInfo.InvariantCulture), cancellationToken);

    public Task<User?> FindByIdAsync(long id, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<User>(SelectById, new { id }), cancellation);

    public async Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        (await ListByKeysAsync([normalizedUserName], cancellationToken)).SingleOrDefault();

    /// <summary>By a name as somebody typed it; with one statement, whether or not anybody has it.</summary>
    public async Task<User?> FindByUsernameAsync(string username, CancellationToken cancellation)
    {
        var keys = NameKey.ToLookUpTyped(username).ToList();
        return keys.Count == 0 ? null : (await ListByKeysAsync(keys, cancellation)).MinBy(user => keys.IndexOf(user.UsernameKey));
    }

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString(CultureInfo.InvariantCulture));

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Username);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken)
    {
        user.Username = userName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.UsernameKey);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken)
    {
        user.UsernameKey = normalizedName ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash.Length > 0);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash ?? "";
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

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

    private Task<List<User>> ListByKeysAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation) =>
        database.ReadAsync(
        async connection => (await connection.QueryAsync<User>(SelectByKeys, new { keys })).AsList(), cancellation);

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
        return await connection.QuerySingleAsync<long>(
            "/* Users.IdOfCreated */ SELECT id FROM users WHERE username_key = @UsernameKey", user, transaction);
    }
}
