using System.Security.Cryptography;
using System.Text;

namespace SampleIm.Api.Messages;

/// <summary>A message that was checked and has no number yet.</summary>
/// <param name="ClientId">The sender's, or null.</param>
/// <param name="Text">By <see cref="MessageText"/>; null for an image without a text.</param>
/// <param name="ImageId">The image; null for a text.</param>
public sealed record MessageDraft(string? ClientId, string? Text, string? ImageId)
{
    public string Kind => ImageId is null ? MessageKinds.Text : MessageKinds.Image;

    /// <summary>Digest of the content, by which a retry is told from a reuse of the clientId; null without one.</summary>
    public string? ClientHash { get; } = ClientId is null
        ? null
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ImageId}\n{Text}")).AsSpan(0, 16));
}
