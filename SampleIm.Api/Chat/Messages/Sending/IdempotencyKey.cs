namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>The request header under which other APIs take what is a clientId here.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>The key itself: the draft of its standard puts it between quotes, most clients do not.</summary>
    public static string? Unquote(string? value) => value is ['"', .. var key, '"'] ? key : value;
}
