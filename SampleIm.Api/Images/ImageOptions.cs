using System.ComponentModel.DataAnnotations;

namespace SampleIm.Api.Images;

/// <summary>Section <c>Images</c>.</summary>
public sealed class ImageOptions
{
    /// <summary>Bytes that a picture has at most.</summary>
    [Range(1024, 1024L * 1024 * 1024)]
    public long MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Pixels that a picture has at most: what its readers' browsers have to unpack.</summary>
    [Range(1, 1_000_000_000L)]
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>Bytes that the pictures of one user have at most, all together. What is recalled or never sent makes room again.</summary>
    [Range(1024, long.MaxValue)]
    public long QuotaBytes { get; set; } = 1024 * 1024 * 1024;
}
