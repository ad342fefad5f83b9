using Dapper;
using SampleIm.Api.People.Names;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Accounts;

/// <summary>Changes what users show of themselves.</summary>
public sealed class ProfileChanges(Database database, KnownUsers known, TimeProvider clock) : IDisposable
{
    private const string Update = """
        /* Profiles.Update: what is null stays */
        UPDATE users
        SET display_name     = COALESCE(@DisplayName, display_name),
            display_name_key = COALESCE(@DisplayNameKey, display_name_key),
            email            = CASE WHEN @Email IS NULL THEN email WHEN @Email = '' THEN NULL ELSE @Email END,
            bio              = COALESCE(@Bio, bio),
            changed_at       = @Now
        WHERE id = @Id
        """;

    /// <summary>One change at a time of each user, and of few others: names reach memory in the order of their commits.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Changes what is not null; an empty <c>Email</c> removes the address.</summary>
    public async Task UpdateAsync(long userId, UpdateAccountRequest change, CancellationToken cancellation)
    {
        var turn = _turns[userId % _turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            // Once begun it is finished: a client that hangs up must not keep a name that is committed from reaching memory.
            await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(Update, new
            {
                Id = userId,
                change.DisplayName,
                DisplayNameKey = change.DisplayName is null ? null : SearchKey.Of(change.DisplayName),
                change.Email,
                change.Bio,
                Now = clock.GetUtcNow(),
            }, transaction), CancellationToken.None);
            if (change.DisplayName is not null)
            {
                known.Rename(userId, change.DisplayName);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());
}
