using System.Buffers.Binary;

namespace SampleIm.Api.Images;

/// <summary>What the first bytes of a picture say of it.</summary>
/// <param name="ContentType">Of the format that its signature shows.</param>
/// <param name="Width">Pixels, as it is shown; 0 where the header is broken.</param>
/// <param name="Height">Pixels, as it is shown; 0 where the header is broken.</param>
/// <remarks>
/// Reads the few fixed fields and nothing else: no chunk is unpacked and no table built, so that the worst file costs no
/// more than the best. Formats: PNG (W3C), GIF89a, JPEG (ITU T.81, Exif 2.3), WebP (RFC 9649).
/// </remarks>
public sealed record ImageHeader(string ContentType, int Width, int Height)
{
    private const int LongestFixedHeader = 30;

    public bool IsBroken => Width <= 0 || Height <= 0;

    /// <summary>The header of a picture; null where the bytes are none of the formats.</summary>
    public static ImageHeader? Read(Stream file)
    {
        file.Position = 0;
        Span<byte> start = stackalloc byte[LongestFixedHeader];
        start = start[..file.ReadAtLeast(start, LongestFixedHeader, throwOnEndOfStream: false)];
        if (start.StartsWith(PngSignature))
        {
            return Of("image/png", ReadPng(start));
        }

        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8))
        {
            return Of("image/gif", ReadGif(start));
        }

        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8))
        {
            return Of("image/webp", ReadWebP(start));
        }

        return start.StartsWith(JpegSignature) ? Of("image/jpeg", JpegHeader.Read(file)) : null;
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    private static ImageHeader Of(string contentType, (int Width, int Height) size) => new(contentType, size.Width, size.Height);

    private static (int Width, int Height) ReadPng(ReadOnlySpan<byte> start)
    {
        // After the signature: length of the first chunk, which is IHDR, then its fields.
        if (start.Length < 24 || BinaryPrimitives.ReadUInt32BigEndian(start[8..]) != 13 || !start[12..].StartsWith("IHDR"u8))
        {
            return default;
        }

        return (BinaryPrimitives.ReadInt32BigEndian(start[16..]), BinaryPrimitives.ReadInt32BigEndian(start[20..]));
    }

    private static (int Width, int Height) ReadGif(ReadOnlySpan<byte> start) => start.Length < 10
        ? default
        : (BinaryPrimitives.ReadUInt16LittleEndian(start[6..]), BinaryPrimitives.ReadUInt16LittleEndian(start[8..]));

    private static (int Width, int Height) ReadWebP(ReadOnlySpan<byte> start)
    {
        if (start.Length < LongestFixedHeader)
        {
            return default;
        }

        var body = start[20..];
        if (start[12..].StartsWith("VP8X"u8))
        {
            return (ReadUInt24(body[4..]) + 1, ReadUInt24(body[7..]) + 1);
        }

        if (start[12..].StartsWith("VP8L"u8) && body[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        if (start[12..].StartsWith("VP8 "u8) && body[3..].StartsWith(Vp8StartCode))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(body[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(body[8..]) & 0x3FFF);
        }

        return default;
    }

    private static ReadOnlySpan<byte> Vp8StartCode => [0x9D, 0x01, 0x2A];

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
