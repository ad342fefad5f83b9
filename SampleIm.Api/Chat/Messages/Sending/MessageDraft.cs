using System.Security.Cryptography;
using System.Text;
using SampleIm.Api.Chat.Conversations;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>A message that was checked and has no number yet.</summary>
/// <param name="ClientId">The sender's, or null.</param>
/// <param name="Text">By <see cref="MessageText"/>; null for an image without a text.</param>
/// <param name="ImageId">The image; null for a text.</param>
public sealed record MessageDraft(string? ClientId, string? Text, string? ImageId)
{
    public string Kind => ImageId is null ? MessageKinds.Text : MessageKinds.Image;

    /// <summary>Digest of the content, by which a retry is told from a reuse of the clientId; null without one.</summary>
    public string? ClientHash { get; } = ClientId is null ? null : DigestOf(ImageId, Text);

    /// <summary>The text as the request brought it: of this an earlier release made its digests.</summary>
    public string? RawText { get; init; } = Text;

    /// <summary>Whether a message with this digest has the same content, also where an earlier release kept it.</summary>
    public bool IsOf(string digest) => digest == ClientHash || digest == DigestOf(ImageId, RawText);

    private static string DigestOf(string? imageId, string? text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{imageId}\n{text}")).AsSpan(0, 16));
}
