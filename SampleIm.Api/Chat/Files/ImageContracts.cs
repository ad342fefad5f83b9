using SampleIm.Api.Hosting.OpenApi;


namespace SampleIm.Api.Chat.Files;

/// <summary>An image.</summary>
/// <param name="Id" example="q0xT5bE2R7mJc1uVw9aZkA">Unguessable; for <c>imageId</c> of a message.</param>
/// <param name="Url" example="/media/q0xT5bE2R7mJc1uVw9aZkA">Where signed-in users fetch it.</param>
/// <param name="ContentType" example="image/png">The media type, decided by the bytes.</param>
/// <param name="Size" example="48213">Bytes.</param>
/// <param name="Width" example="800">Pixels.</param>
/// <param name="Height" example="600">Pixels.</param>
public sealed record ImageResponse(
    string Id,
    string Url,
    [KnownValues("image/png", "image/jpeg", "image/gif", "image/webp")] string ContentType,
    long Size,
    int Width,
    int Height)
{
    public static ImageResponse Of(string id, string contentType, long size, int width, int height) =>
        new(id, $"/media/{id}", contentType, size, width, height);
}
