using Microsoft.Extensions.Caching.Memory;

namespace SampleIm.Api.Accounts;

/// <summary>
/// Counts failed sign-ins under names that nobody has, and locks these as an account would be locked: otherwise ten tries
/// would tell which names exist. In memory and bounded: the names that were tried last.
/// </summary>
public sealed class UnknownNames(TimeProvider clock) : IDisposable
{
    private const int MostNames = 10_000;

    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromDays(30);

    private readonly MemoryCache _failures = new(new MemoryCacheOptions { SizeLimit = MostNames });
    private readonly Lock _lock = new();

    /// <summary>Notes one more failure. Answers when the lock ends, where the name is locked now; a locked name counts no further.</summary>
    public DateTimeOffset? Fail(string nameKey)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var before = _failures.Get<Failures>(nameKey);
            if (AccountSetup.IsLocked(before?.LockedUntil, now))
            {
                return before!.LockedUntil;
            }

            var count = (before?.Count ?? 0) + 1;
            var after = count < AccountSetup.MostFailures ? new Failures(count, null) : new Failures(0, now + AccountSetup.LockedFor);
            _failures.Set(nameKey, after, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = s_forgetAfter });
            return after.LockedUntil;
        }
    }

    public void Dispose() => _failures.Dispose();

    private sealed record Failures(int Count, DateTimeOffset? LockedUntil);
}
