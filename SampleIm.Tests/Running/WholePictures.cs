using System.Buffers.Binary;
using System.IO.Compression;

namespace SampleIm.Tests.Running;

/// <summary>Small pictures of one colour, whole: any program shows them.</summary>
public static class WholePictures
{
    public static byte[] Png(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        // 8 bits, grey.
        header[8] = 8;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            // Each row begins with its filter: none.
            zlib.Write(new byte[(width + 1) * height]);
        }

        return [
            0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. PngChunk("IHDR"u8, header), .. PngChunk("IDAT"u8, packed.ToArray()),
            .. PngChunk("IEND"u8, [])];
    }

    public static byte[] Gif(byte width, byte height)
    {
        // Each pixel as a code of its own after a clearing code (4): the codes never grow beyond 3 bits. 5 ends.
        var codes = Enumerable.Range(0, width * height).SelectMany(_ => new[] { 4, 0 }).Append(5).ToList();
        var packed = new byte[((codes.Count * 3) + 7) / 8];
        for (var bit = 0; bit < codes.Count * 3; bit++)
        {
            packed[bit / 8] |= (byte)(((codes[bit / 3] >> (bit % 3)) & 1) << (bit % 8));
        }

        var blocks = packed.Chunk(255).SelectMany(block => block.Prepend((byte)block.Length));
        return [
            .. "GIF89a"u8, width, 0, height, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, width, 0, height, 0, 0, 2,
            .. blocks, 0, 0x3B];
    }

    /// <summary>Grey, with one code for "no change" and one for "nothing more in this block".</summary>
    public static byte[] Jpeg(byte width, byte height)
    {
        byte[] code = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var blocks = (width + 7) / 8 * ((height + 7) / 8);
        // Two bits of zero for each block, ones up to the full byte.
        var bits = new byte[((blocks * 2) + 7) / 8];
        bits[^1] = (byte)(0xFF >> (((blocks * 2) - 1) % 8 + 1));
        return [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0,
            0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64),
            0xFF, 0xC0, 0, 11, 8, 0, height, 0, width, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 20, 0x00, .. code, 0xFF, 0xC4, 0, 20, 0x10, .. code,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, .. bits, 0xFF, 0xD9];
    }

    public static byte[] WebPLossless(int width, int height) => Riff(Vp8L(width, height));

    public static byte[] WebPExtended(byte width, byte height) =>
        Riff([.. "VP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0, .. Vp8L(width, height)]);

    private static byte[] Riff(byte[] chunks)
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. chunks];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    /// <summary>Five prefix codes of one symbol each: every pixel takes no bit at all.</summary>
    private static byte[] Vp8L(int width, int height)
    {
        var (bits, count) = (new byte[16], 0);
        void Write(int value, int length)
        {
            for (var bit = 0; bit < length; bit++, count++)
            {
                bits[count / 8] |= (byte)(((value >> bit) & 1) << (count % 8));
            }
        }

        Write(width - 1, 14);
        Write(height - 1, 14);
        // No alpha, version 0; no transform, no cache of colours, no more groups of codes.
        Write(0, 4);
        Write(0, 3);
        foreach (var symbol in new[] { 0x80, 0x40, 0x20, 0xFF, 0 })
        {
            // A simple code, of one symbol, of eight bits.
            Write(0b101, 3);
            Write(symbol, 8);
        }

        var length = (count + 7) / 8 + 1;
        return [.. "VP8L"u8, (byte)length, 0, 0, 0, 0x2F, .. bits.AsSpan(0, length - 1), .. new byte[length % 2]];
    }

    private static byte[] PngChunk(ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
