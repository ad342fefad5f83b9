namespace SampleIm.Api.Chat.Messages;

/// <summary>What this server takes, as it is configured: a client can say so before anything is sent.</summary>
/// <param name="Messages">Of messages.</param>
/// <param name="Images">Of images.</param>
public sealed record LimitsResponse(MessageLimits Messages, ImageLimits Images);

/// <summary>Limits of a message.</summary>
/// <param name="MaxLength" example="4000">UTF-16 units that a text has at most (<c>Messages:MaxLength</c>).</param>
public sealed record MessageLimits(int MaxLength);

/// <summary>Limits of an image.</summary>
/// <param name="MaxBytes" example="10485760">Bytes that an image has at most (<c>Images:MaxBytes</c>).</param>
/// <param name="MaxPixels" example="50000000">Width times height of an image, at most (<c>Images:MaxPixels</c>).</param>
public sealed record ImageLimits(long MaxBytes, long MaxPixels);
