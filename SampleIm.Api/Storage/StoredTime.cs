namespace SampleIm.Api.Storage;

public static class StoredTime
{
    /// <summary>
    /// Now, to the millisecond, as the database keeps it: the answer to a write and a later read show the same time.
    /// </summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
