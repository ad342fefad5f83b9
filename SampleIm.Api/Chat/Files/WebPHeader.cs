using System.Buffers.Binary;

namespace SampleIm.Api.Chat.Files;

/// <summary>The size of a WebP, and of the frames and images in an extended one, which has a size of its own.</summary>
internal static class WebPHeader
{
    private const int LongestHeader = 30;

    /// <summary>RIFF, its length, WEBP, and the first chunk, which is VP8X: its type and length, then ten bytes.</summary>
    private const int ExtendedBytes = 12 + 8 + 10;

    private const int AnimationFrameBytes = 16;

    private const int PictureHeaderBytes = 10;

    /// <returns>The size that the header says, and the pixels of the largest frame.</returns>
    public static (int Width, int Height, long FramePixels) Read(ReadOnlySpan<byte> start, Stream file)
    {
        if (start.Length < LongestHeader)
        {
            return default;
        }

        var type = start[12..16];
        var body = start[20..];
        if (type.SequenceEqual("VP8X"u8))
        {
            var walk = new FileWalk(file, ExtendedBytes, stackalloc byte[FileWalk.BufferBytes]);
            var largest = LargestFrame(ref walk, long.MaxValue, isInFrame: false);
            return (ReadUInt24(body[4..]) + 1, ReadUInt24(body[7..]) + 1, largest);
        }

        var (width, height) = SizeOf(type, body);
        return (width, height, 0);
    }

    /// <summary>Of the chunks up to a place; a frame of an animation has chunks of its own, and no frames.</summary>
    private static long LargestFrame(ref FileWalk walk, long end, bool isInFrame)
    {
        Span<byte> chunk = stackalloc byte[8];
        Span<byte> body = stackalloc byte[AnimationFrameBytes];
        var largest = 0L;
        while (walk.Position + chunk.Length <= end && walk.TryRead(chunk))
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            // A byte more where the length is odd.
            var next = Math.Min(end, walk.Position + length + (length & 1));
            var type = chunk[..4];
            var room = (int)Math.Min(Math.Min(length, end - walk.Position), PictureHeaderBytes);
            body.Clear();
            if (!isInFrame && type.SequenceEqual("ANMF"u8) && length >= AnimationFrameBytes && walk.TryRead(body))
            {
                largest = Math.Max(largest, (ReadUInt24(body[6..]) + 1L) * (ReadUInt24(body[9..]) + 1));
                largest = Math.Max(largest, LargestFrame(ref walk, next, isInFrame: true));
            }
            else if (IsPicture(type) && walk.TryRead(body[..room]))
            {
                var (width, height) = SizeOf(type, body);
                largest = Math.Max(largest, (long)width * height);
            }

            walk.Skip(Math.Max(0, next - walk.Position));
        }

        return largest;
    }

    private static bool IsPicture(ReadOnlySpan<byte> type) => type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8);

    /// <summary>What an image's own first bytes say; nothing where it is none.</summary>
    private static (int Width, int Height) SizeOf(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        if (type.SequenceEqual("VP8L"u8) && body[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        return type.SequenceEqual("VP8 "u8) && body[3..].StartsWith(Vp8StartCode)
            ? (ReadUInt14(body[6..]), ReadUInt14(body[8..]))
            : default;
    }

    private static ReadOnlySpan<byte> Vp8StartCode => [0x9D, 0x01, 0x2A];

    private static int ReadUInt14(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x3FFF;

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
