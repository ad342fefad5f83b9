using System.Buffers.Binary;

namespace SampleIm.Api.Chat.Files;

/// <summary>
/// The size at which a JPEG is shown: that of its frame, turned where the camera says that it was held upright.
/// </summary>
internal static class JpegHeader
{
    /// <summary>Segments before the frame header that a JPEG may have; real ones have a few dozen at most.</summary>
    private const int MostSegments = 1000;

    /// <summary>The orientation stands in the first entries of the Exif segment; more of it is not read.</summary>
    private const int LongestExif = 1024;

    private const int OrientationTag = 0x0112;

    public static (int Width, int Height) Read(Stream file)
    {
        file.Position = 2;
        Span<byte> segment = stackalloc byte[9];
        var isTurned = false;
        for (var count = 0; count < MostSegments; count++)
        {
            var marker = ReadMarker(file);
            if (marker is < 0 or 0xD9 or 0xDA || file.ReadAtLeast(segment[..2], 2, throwOnEndOfStream: false) < 2)
            {
                return default;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(segment);
            // C4, C8 and CC share the range of the frame headers and are something else.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return length < 8 || file.ReadAtLeast(segment[2..7], 5, throwOnEndOfStream: false) < 5
                    ? default
                    : Turn(
                        BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
                        isTurned);
            }

            if (length < 2)
            {
                return default;
            }

            var next = file.Position + length - 2;
            isTurned |= marker == 0xE1 && IsTurned(file, length - 2);
            file.Position = next;
        }

        return default;
    }

    private static (int Width, int Height) Turn(int width, int height, bool isTurned) =>
        isTurned ? (height, width) : (width, height);

    /// <summary>Whether the Exif segment says that the rows of the image are its columns (orientations 5 to 8).</summary>
    private static bool IsTurned(Stream file, int length)
    {
        Span<byte> buffer = stackalloc byte[LongestExif];
        ReadOnlySpan<byte> exif = buffer[
            ..file.ReadAtLeast(
                buffer[..Math.Min(length, LongestExif)], Math.Min(length, LongestExif), throwOnEndOfStream: false)];
        if (exif.Length < 14 || !exif.StartsWith("Exif\0\0"u8))
        {
            return false;
        }

        var tiff = exif[6..];
        var isLittle = tiff.StartsWith("II"u8);
        var entries = ReadUInt32(tiff[4..], isLittle);
        if (entries > tiff.Length - 2)
        {
            return false;
        }

        var count = ReadUInt16(tiff[(int)entries..], isLittle);
        var entry = tiff[((int)entries + 2)..];
        for (var index = 0; index < count && entry.Length >= 12; index++, entry = entry[12..])
        {
            if (ReadUInt16(entry, isLittle) == OrientationTag)
            {
                return ReadUInt16(entry[8..], isLittle) is >= 5 and <= 8;
            }
        }

        return false;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>The next marker; fill bytes (FF) may stand before it. Negative where there is none.</summary>
    private static int ReadMarker(Stream file)
    {
        if (file.ReadByte() != 0xFF)
        {
            return -1;
        }

        for (var fill = 0; fill < MostSegments; fill++)
        {
            if (file.ReadByte() is var marker && marker != 0xFF)
            {
                return marker;
            }
        }

        return -1;
    }
}
