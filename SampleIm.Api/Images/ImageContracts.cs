namespace SampleIm.Api.Images;

/// <summary>A picture.</summary>
/// <param name="Id">Unguessable; for <c>imageId</c> of a message.</param>
/// <param name="Url">Where signed-in users fetch it.</param>
/// <param name="ContentType"><c>image/png</c>, <c>image/jpeg</c>, <c>image/gif</c> or <c>image/webp</c>, by its bytes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record ImageResponse(string Id, string Url, string ContentType, long Size, int Width, int Height)
{
    public static ImageResponse Of(string id, string contentType, long size, int width, int height) =>
        new(id, $"/media/{id}", contentType, size, width, height);
}
