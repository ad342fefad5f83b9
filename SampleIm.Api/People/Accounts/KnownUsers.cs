using SampleIm.Api.Hosting.Memory;


namespace SampleIm.Api.People.Accounts;

/// <summary>What every answer shows of a user, kept in memory while anything there refers to it.</summary>
public sealed class KnownUser(long id, string username, string displayName)
{
    private string _displayName = displayName;

    public long Id { get; } = id;

    public string Username { get; } = username;

    public string DisplayName
    {
        get => Volatile.Read(ref _displayName);
        internal set => Volatile.Write(ref _displayName, value);
    }
}

/// <summary>
/// The users that sessions, conversations and the online list in memory refer to: one object each, so that a new name shows
/// everywhere.
/// </summary>
public sealed class KnownUsers
{
    private readonly WeakMap<long, KnownUser> _users = new();
    private long _version;

    /// <summary>Raised by every change of a name.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The one object for this user; the name given counts only where the user was not known.</summary>
    public KnownUser Know(long id, string username, string displayName) =>
        _users.GetOrAdd(id, _ => new KnownUser(id, username, displayName));

    /// <summary>
    /// The one object for this user, with the name just read; to be called inside <see cref="WhileNamesStandAsync"/>.
    /// </summary>
    public KnownUser Remember(long id, string username, string displayName)
    {
        var user = Know(id, username, displayName);
        if (user.DisplayName != displayName)
        {
            // Changed on another server.
            user.DisplayName = displayName;
            Interlocked.Increment(ref _version);
        }

        return user;
    }

    /// <summary>
    /// Loads names from the database and remembers them; once more where a name changed meanwhile, because what was read may
    /// be older than the change and would undo it.
    /// </summary>
    public async ValueTask<T> WhileNamesStandAsync<T>(Func<ValueTask<T>> load)
    {
        while (true)
        {
            var before = Version;
            var loaded = await load();
            if (before == Version)
            {
                return loaded;
            }
        }
    }

    /// <summary>Called after the change is committed.</summary>
    public void Rename(long id, string displayName)
    {
        if (_users.TryGet(id, out var user))
        {
            if (user.DisplayName == displayName)
            {
                return;
            }

            user.DisplayName = displayName;
        }

        Interlocked.Increment(ref _version);
    }
}
