namespace SampleIm.Load;

/// <summary>The run cannot go on, for a reason that the person who runs it can fix: the message is what they read.</summary>
public sealed class LoadException(string message) : Exception(message)
{
    /// <summary>Whether every further request would be in vain.</summary>
    public bool IsRateLimit { get; private init; }

    /// <summary>The server limits how often one may call, which is right, and in the way of a measurement.</summary>
    public static LoadException RateLimited() => new(
        "The server refuses requests because they are too many (429). Start it with --RateLimits:Enabled=false while you "
            + "measure.")
    {
        IsRateLimit = true,
    };
}
