using SampleIm.Api.Chat.Files;
using SampleIm.Api.People.Accounts;


namespace SampleIm.Api.Chat.Messages;

/// <summary>A message with its sender and its image.</summary>
public sealed record MessageRow
{
    public long ConversationId { get; init; }

    public long Seq { get; init; }

    public long Version { get; init; }

    public long SenderId { get; init; }

    public string SenderUsername { get; init; } = "";

    public string SenderDisplayName { get; init; } = "";

    public string Kind { get; init; } = "";

    public string? Text { get; init; }

    public DateTimeOffset SentAt { get; init; }

    public DateTimeOffset? EditedAt { get; init; }

    public DateTimeOffset? RecalledAt { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Digest of what was sent, until the text is edited or recalled.</summary>
    public string? ClientHash { get; init; }

    /// <summary>The same, encrypted, once the text was edited.</summary>
    public string? Digest { get; init; }

    public string? ImageId { get; init; }

    public string? ImageContentType { get; init; }

    public long? ImageSize { get; init; }

    public long? ImageWidth { get; init; }

    public long? ImageHeight { get; init; }

    /// <param name="conversation">The conversation as the reader names it.</param>
    public MessageResponse Respond(string conversation) => new(
        conversation, Seq, Version, new UserSummary(SenderUsername, SenderDisplayName, null), Kind, Text,
        ImageId is null
            ? null
            : ImageResponse.Of(ImageId, ImageContentType!, ImageSize!.Value, (int)ImageWidth!, (int)ImageHeight!),
        SentAt, EditedAt, RecalledAt, ClientId);
}
