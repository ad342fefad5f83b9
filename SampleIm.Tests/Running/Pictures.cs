using System.Buffers.Binary;

namespace SampleIm.Tests.Running;

/// <summary>The smallest files that have a picture's header.</summary>
public static class Pictures
{
    public static byte[] Png(int width, int height)
    {
        byte[] file = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    public static byte[] Gif(ushort width, ushort height)
    {
        byte[] file = [.. "GIF89a"u8, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), width);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), height);
        return file;
    }

    /// <summary>With a comment and a table before the frame header, as real ones have.</summary>
    public static byte[] Jpeg(ushort width, ushort height, byte frame = 0xC2)
    {
        byte[] start = [0xFF, 0xD8, 0xFF, 0xFE, 0, 5, 1, 2, 3, 0xFF, 0xFF, 0xC4, 0, 4, 9, 9, 0xFF, frame, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0];
        BinaryPrimitives.WriteUInt16BigEndian(start.AsSpan(21), height);
        BinaryPrimitives.WriteUInt16BigEndian(start.AsSpan(23), width);
        return start;
    }

    /// <summary>As a camera that was held upright writes it.</summary>
    public static byte[] JpegWithOrientation(ushort width, ushort height, byte orientation, bool isLittleEndian)
    {
        byte[] tiff = isLittleEndian
            ? [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 1, 0x0F, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(tiff.Length + 8), .. "Exif\0\0"u8, .. tiff, .. Jpeg(width, height)[2..]];
    }

    public static byte[] WebPLossy(ushort width, ushort height)
    {
        byte[] file = [.. WebP("VP8 "u8), 0, 0, 0, 0x9D, 0x01, 0x2A, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(26), width);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(28), height);
        return file;
    }

    public static byte[] WebPLossless(int width, int height)
    {
        byte[] file = [.. WebP("VP8L"u8), 0x2F, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(21), (uint)(width - 1) | ((uint)(height - 1) << 14));
        return file;
    }

    public static byte[] WebPExtended(int width, int height)
    {
        byte[] file = [.. WebP("VP8X"u8), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(24), (ushort)(width - 1));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(27), (ushort)(height - 1));
        return file;
    }

    private static byte[] WebP(ReadOnlySpan<byte> chunk) => [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunk, 0, 0, 0, 0];
}
