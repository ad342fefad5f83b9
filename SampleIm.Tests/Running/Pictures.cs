using System.Buffers.Binary;
using System.Text;

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

    /// <summary>A GIF of several frames, each with its place and size, with as much between them as real ones have.</summary>
    public static byte[] GifWithFrames(
        ushort width, ushort height, params (ushort Left, ushort Top, ushort Width, ushort Height)[] frames)
    {
        var screen = Gif(width, height);
        screen[10] = 0x80;
        return [
            // A table of two colours, and how often it is repeated.
            .. screen, 0, 0, 0, 255, 255, 255, 0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0,
            .. frames.SelectMany(GifFrame), 0x3B];
    }

    /// <summary>With its delay, a table of four colours of its own, and two blocks of pixels.</summary>
    private static byte[] GifFrame((ushort Left, ushort Top, ushort Width, ushort Height) frame) =>
    [
        0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, .. Little(frame.Left, 2), .. Little(frame.Top, 2), .. Little(frame.Width, 2),
        .. Little(frame.Height, 2),
        0x81, .. new byte[12], 2, 1, 0x2C, 2, 0x2C, 0x3B, 0,
    ];

    /// <summary>A PNG with the headers of an animation's frames.</summary>
    public static byte[] PngWithFrames(int width, int height, params (uint Width, uint Height)[] frames)
    {
        byte[] picture = [.. Png(width, height), 0, 0, 0, 0, .. PngChunk("acTL", new byte[8])];
        return [
            .. picture,
            .. frames.SelectMany(
                frame => PngChunk("fcTL", [0, 0, 0, 0, .. Big(frame.Width), .. Big(frame.Height), .. new byte[14]])),
            .. PngChunk("IEND", [])];
    }

    /// <summary>An extended WebP with these chunks.</summary>
    public static byte[] WebPWithChunks(int width, int height, params byte[][] chunks) =>
        [.. WebPExtended(width, height), .. chunks.SelectMany(chunk => chunk)];

    /// <summary>A frame of an animation, with a picture in it.</summary>
    public static byte[] WebPFrame(int width, int height, byte[] picture) =>
        WebPChunk("ANMF", [0, 0, 0, 0, 0, 0, .. Little(width - 1, 3), .. Little(height - 1, 3), 0, 0, 0, 0, .. picture]);

    /// <summary>The chunk that a whole lossy or lossless picture consists of.</summary>
    public static byte[] WebPPicture(byte[] file)
    {
        byte[] chunk = file[12..];
        chunk[4] = (byte)(chunk.Length - 8);
        return chunk;
    }

    public static byte[] WebPChunk(string type, byte[] content) =>
        [.. Encoding.ASCII.GetBytes(type), .. Little(content.Length, 4), .. content, .. new byte[content.Length % 2]];

    private static byte[] PngChunk(string type, byte[] content) =>
        [.. Big((uint)content.Length), .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];

    private static byte[] Big(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Little(int value, int bytes) =>
        [.. Enumerable.Range(0, bytes).Select(index => (byte)(value >> (8 * index)))];

    /// <summary>With a comment and a table before the frame header, as real ones have.</summary>
    public static byte[] Jpeg(ushort width, ushort height, byte frame = 0xC2)
    {
        byte[] start = [
            0xFF, 0xD8, 0xFF, 0xFE, 0, 5, 1, 2, 3, 0xFF, 0xFF, 0xC4, 0, 4, 9, 9, 0xFF, frame, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11,
            0];
        BinaryPrimitives.WriteUInt16BigEndian(start.AsSpan(21), height);
        BinaryPrimitives.WriteUInt16BigEndian(start.AsSpan(23), width);
        return start;
    }

    /// <summary>As a camera that was held upright writes it.</summary>
    public static byte[] JpegWithOrientation(ushort width, ushort height, byte orientation, bool isLittleEndian)
    {
        byte[] tiff = isLittleEndian
            ? [
                .. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0,
                0, 0]
            : [
                .. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 1, 0x0F, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation,
                0, 0];
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
