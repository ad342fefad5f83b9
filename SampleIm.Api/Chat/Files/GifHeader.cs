using System.Buffers.Binary;

namespace SampleIm.Api.Chat.Files;

/// <summary>
/// The size at which a GIF is shown: that of its screen, which browsers enlarge to its first frame. Later frames are cut off at
/// the screen, but are unpacked first.
/// </summary>
internal static class GifHeader
{
    private const int ScreenBytes = 13;

    /// <returns>The size as it is shown, and the pixels of the largest frame.</returns>
    public static (int Width, int Height, long FramePixels) Read(ReadOnlySpan<byte> start, Stream file)
    {
        if (start.Length < 10)
        {
            return default;
        }

        var (width, height) = (ReadUInt16(start[6..]), ReadUInt16(start[8..]));
        if (start.Length < ScreenBytes)
        {
            return (width, height, 0);
        }

        var walk = new FileWalk(file, ScreenBytes + ColourBytes(start[10]), stackalloc byte[FileWalk.BufferBytes]);
        Span<byte> frame = stackalloc byte[9];
        var largest = 0L;
        for (var isFirst = true; TryFindFrame(ref walk, frame); isFirst = false)
        {
            var (right, bottom) = (ReadUInt16(frame) + Width(frame), ReadUInt16(frame[2..]) + Height(frame));
            (width, height) = isFirst ? (Math.Max(width, right), Math.Max(height, bottom)) : (width, height);
            largest = Math.Max(largest, (long)Width(frame) * Height(frame));
            walk.Skip(ColourBytes(frame[8]));
            // The least size of a code; then the pixels.
            walk.Skip(1);
            SkipBlocks(ref walk);
        }

        return (width, height, largest);
    }

    /// <summary>
    /// Goes to the next frame and reads its place, size and flags. What is no frame and no extension ends the picture.
    /// </summary>
    private static bool TryFindFrame(ref FileWalk walk, Span<byte> frame)
    {
        int kind;
        while ((kind = walk.ReadByte()) == 0x21)
        {
            // What kind of extension it is.
            walk.Skip(1);
            SkipBlocks(ref walk);
        }

        return kind == 0x2C && walk.TryRead(frame);
    }

    /// <summary>Blocks of up to 255 bytes, each after its length; an empty one ends them.</summary>
    private static void SkipBlocks(ref FileWalk walk)
    {
        int length;
        while ((length = walk.ReadByte()) > 0)
        {
            walk.Skip(length);
        }
    }

    private static int Width(ReadOnlySpan<byte> frame) => ReadUInt16(frame[4..]);

    private static int Height(ReadOnlySpan<byte> frame) => ReadUInt16(frame[6..]);

    private static int ReadUInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    /// <summary>Bytes of the table of colours that the flags announce.</summary>
    private static int ColourBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
