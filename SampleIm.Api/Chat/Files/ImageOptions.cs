using System.ComponentModel.DataAnnotations;

namespace SampleIm.Api.Chat.Files;

/// <summary>Section <c>Images</c>.</summary>
public sealed class ImageOptions
{
    /// <summary>Bytes that an image has at most.</summary>
    [Range(1024, 1024L * 1024 * 1024)]
    public long MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Pixels that an image has at most: what its readers' browsers have to unpack.</summary>
    [Range(1, 1_000_000_000L)]
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>
    /// Bytes that the images of one user have at most, all together, unfinished uploads included. What is recalled or never
    /// sent makes room again.
    /// </summary>
    [Range(1024, long.MaxValue)]
    public long QuotaBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>
    /// How long one upload may take: by default enough for 10 MB over a phone line of 80 kbit/s. Always less than
    /// <see cref="OrphanSweep.RowlessLifetime"/>: after that a file without a row counts as left over.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan MaxUploadTime { get; set; } = TimeSpan.FromMinutes(20);
}
