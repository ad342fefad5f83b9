using System.Buffers.Binary;

namespace SampleIm.Api.Chat.Files;

/// <summary>What the headers of an image say of it.</summary>
/// <param name="ContentType">Of the format that its signature shows.</param>
/// <param name="Width">Pixels, as it is shown; 0 where the header is broken.</param>
/// <param name="Height">Pixels, as it is shown; 0 where the header is broken.</param>
/// <remarks>
/// Reads the few fixed fields, of the image and of each of its frames, and nothing else: no chunk is unpacked and no table
/// built. The worst file is walked through once. Formats: PNG (W3C, third edition, with animation), GIF89a, JPEG (ITU T.81, Exif
/// 2.3), WebP (RFC 9649).
/// </remarks>
public sealed record ImageHeader(string ContentType, int Width, int Height)
{
    private const int LongestFixedHeader = 30;

    public bool IsBroken => Width <= 0 || Height <= 0;

    /// <summary>
    /// Pixels that anyone who shows it has to unpack at once: of the whole, or of a frame that says to be larger than the whole.
    /// </summary>
    public long Pixels { get; private init; } = (long)Width * Height;

    /// <summary>The header of an image; null where the bytes are none of the formats.</summary>
    public static ImageHeader? Read(Stream file)
    {
        file.Position = 0;
        Span<byte> start = stackalloc byte[LongestFixedHeader];
        start = start[..file.ReadAtLeast(start, LongestFixedHeader, throwOnEndOfStream: false)];
        if (start.StartsWith(PngSignature))
        {
            return Of("image/png", PngHeader.Read(start, file));
        }

        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
        {
            return Of("image/gif", GifHeader.Read(start, file));
        }

        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8))
        {
            return Of("image/webp", WebPHeader.Read(start, file));
        }

        return start.StartsWith(JpegSignature) ? Of("image/jpeg", JpegHeader.Read(file)) : null;
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    private static ImageHeader Of(string contentType, (int Width, int Height) size) => new(contentType, size.Width, size.Height);

    private static ImageHeader Of(string contentType, (int Width, int Height, long FramePixels) size)
    {
        var header = new ImageHeader(contentType, size.Width, size.Height);
        return size.FramePixels > header.Pixels ? header with { Pixels = size.FramePixels } : header;
    }
}

/// <summary>The size of a PNG, and of the frames of an animated one.</summary>
internal static class PngHeader
{
    /// <summary>Signature and IHDR: eight bytes, length and type of the chunk, 13 bytes, checksum.</summary>
    private const int HeaderBytes = 8 + 8 + 13 + 4;

    /// <returns>The size that the header says, and the pixels of the largest frame.</returns>
    public static (int Width, int Height, long FramePixels) Read(ReadOnlySpan<byte> start, Stream file)
    {
        // After the signature: length of the first chunk, which is IHDR, then its fields.
        if (start.Length < 24 || BinaryPrimitives.ReadUInt32BigEndian(start[8..]) != 13 || !start[12..].StartsWith("IHDR"u8))
        {
            return default;
        }

        var (width, height) = (
            BinaryPrimitives.ReadInt32BigEndian(start[16..]), BinaryPrimitives.ReadInt32BigEndian(start[20..]));
        return (width, height, LargestFrame(file));
    }

    private static long LargestFrame(Stream file)
    {
        var walk = new FileWalk(file, HeaderBytes, stackalloc byte[FileWalk.BufferBytes]);
        Span<byte> chunk = stackalloc byte[8];
        Span<byte> control = stackalloc byte[12];
        var largest = 0L;
        while (walk.TryRead(chunk))
        {
            // Length, type, content, checksum.
            var end = walk.Position + BinaryPrimitives.ReadUInt32BigEndian(chunk) + 4;
            if (chunk[4..].SequenceEqual("fcTL"u8) && walk.TryRead(control))
            {
                // A number, then width and height: neither is more than 31 bits in a whole file.
                long width = BinaryPrimitives.ReadUInt32BigEndian(control[4..]) & int.MaxValue;
                long height = BinaryPrimitives.ReadUInt32BigEndian(control[8..]) & int.MaxValue;
                largest = Math.Max(largest, width * height);
            }

            if (end < walk.Position)
            {
                break;
            }

            walk.Skip(end - walk.Position);
        }

        return largest;
    }
}
