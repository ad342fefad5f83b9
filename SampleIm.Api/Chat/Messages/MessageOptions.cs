using System.ComponentModel.DataAnnotations;

namespace SampleIm.Api.Chat.Messages;

/// <summary>Section <c>Messages</c>.</summary>
public sealed class MessageOptions
{
    /// <summary>UTF-16 units that a text has at most. Each may take six bytes of a body's 64 KiB.</summary>
    [Range(1, 10_000)]
    public int MaxLength { get; set; } = 4000;

    /// <summary>
    /// Messages that may wait to be written at the same time; further ones are refused with 503 until there is room.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 1000;
}
