using System.Text;

namespace SampleIm.Tests.Fuzzing;

/// <summary>
/// What a picture's first bytes say, read once more and in the plainest way: over the whole file in memory, byte by byte.
/// </summary>
public static class PictureOracle
{
    /// <summary>
    /// Type and size; 0 by 0 where the header is broken or cut, null where it is none of the formats. A JPEG may be turned.
    /// </summary>
    public static (string ContentType, int Width, int Height)? Read(byte[] file)
    {
        var letters = Encoding.Latin1.GetString(file);
        if (letters.StartsWith("\u0089PNG\r\n\u001a\n", StringComparison.Ordinal))
        {
            var isWhole = file.Length >= 24 && letters.Substring(8, 8) == "\0\0\0\u000dIHDR";
            return isWhole ? Sized("image/png", Big(file, 16, 4), Big(file, 20, 4)) : ("image/png", 0, 0);
        }

        if (letters.StartsWith("GIF87a", StringComparison.Ordinal) || letters.StartsWith("GIF89a", StringComparison.Ordinal))
        {
            return file.Length >= 10 ? Gif(file) : ("image/gif", 0, 0);
        }

        if (file.Length >= 12 && letters.StartsWith("RIFF", StringComparison.Ordinal) && letters.Substring(8, 4) == "WEBP")
        {
            return file.Length >= 30 ? WebP(file, letters.Substring(12, 4)) : ("image/webp", 0, 0);
        }

        return letters.StartsWith("\u00ff\u00d8\u00ff", StringComparison.Ordinal) ? Jpeg(file, 2) : null;
    }

    /// <summary>Pixels of the largest frame, whatever the picture's size; 0 where there is none, or no rule about it.</summary>
    public static long LargestFrame(byte[] file) => Encoding.Latin1.GetString(file.AsSpan(0, Math.Min(4, file.Length))) switch
    {
        "\u0089PNG" => PngFrames(file).DefaultIfEmpty().Max(),
        "GIF8" => GifFrames(file).Select(frame => (long)frame.Width * frame.Height).DefaultIfEmpty().Max(),
        "RIFF" when Encoding.Latin1.GetString(file, 12, 4) == "VP8X" =>
            WebPFrames(file, 30, file.Length, isInFrame: false).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static (string, int, int) Gif(byte[] file)
    {
        var (_, _, right, bottom) = GifFrames(file).FirstOrDefault();
        return Sized("image/gif", Math.Max(Little(file, 6, 2), right), Math.Max(Little(file, 8, 2), bottom));
    }

    private static IEnumerable<(int Width, int Height, int Right, int Bottom)> GifFrames(byte[] file)
    {
        var at = file.Length < 13 ? file.Length : 13 + Colours(file[10]);
        while (at < file.Length && file[at] is 0x21 or 0x2C)
        {
            if (file[at] == 0x2C)
            {
                if (at + 10 > file.Length)
                {
                    yield break;
                }

                var (left, top, width, height) = (
                    (int)Little(file, at + 1, 2), (int)Little(file, at + 3, 2), (int)Little(file, at + 5, 2),
                    (int)Little(file, at + 7, 2));
                yield return (width, height, left + width, top + height);
                at += 9 + Colours(file[at + 9]);
            }

            for (at += 2; at < file.Length && file[at] != 0; at += file[at] + 1)
            {
                // A block.
            }

            at++;
        }
    }

    private static int Colours(byte flags) => flags >= 128 ? 3 * (int)Math.Pow(2, (flags % 8) + 1) : 0;

    private static IEnumerable<long> PngFrames(byte[] file)
    {
        for (long at = 33; at + 8 <= file.Length; at += 12 + Big(file, (int)at, 4))
        {
            if (Encoding.Latin1.GetString(file, (int)at + 4, 4) == "fcTL" && at + 20 <= file.Length)
            {
                yield return (Big(file, (int)at + 12, 4) % (1L << 31)) * (Big(file, (int)at + 16, 4) % (1L << 31));
            }
        }
    }

    private static IEnumerable<long> WebPFrames(byte[] file, long at, long end, bool isInFrame)
    {
        while (at + 8 <= end)
        {
            var (type, length) = (Encoding.Latin1.GetString(file, (int)at, 4), Little(file, (int)at + 4, 4));
            var (body, next) = (at + 8, Math.Min(end, at + 8 + length + (length % 2)));
            if (type == "ANMF" && !isInFrame && length >= 16 && body + 16 <= file.Length)
            {
                yield return (Little(file, (int)body + 6, 3) + 1) * (Little(file, (int)body + 9, 3) + 1);
                foreach (var pixels in WebPFrames(file, body + 16, next, isInFrame: true))
                {
                    yield return pixels;
                }
            }

            // What a picture's chunk, or the frame around it, has no room for reads as zeros.
            var room = Math.Min(10, isInFrame ? Math.Min(length, end - body) : length);
            var header = file.Skip((int)body).Take((int)room).ToArray();
            if (type is "VP8 " or "VP8L" && header.Length == room)
            {
                var (_, width, height) = WebP([.. new byte[20], .. header, .. new byte[10]], type);
                yield return (long)width * height;
            }

            at = next;
        }
    }

    private static (string, int, int) WebP(byte[] file, string chunk) => chunk switch
    {
        "VP8X" => Sized("image/webp", Little(file, 24, 3) + 1, Little(file, 27, 3) + 1),
        "VP8L" when file[20] == 0x2F =>
            Sized("image/webp", (Little(file, 21, 4) % 16384) + 1, (Little(file, 21, 4) / 16384 % 16384) + 1),
        "VP8 " when (file[23], file[24], file[25]) == (0x9D, 0x01, 0x2A) =>
            Sized("image/webp", Little(file, 26, 2) % 16384, Little(file, 28, 2) % 16384),
        _ => ("image/webp", 0, 0),
    };

    /// <summary>Segment after segment, until one is a frame.</summary>
    private static (string, int, int) Jpeg(byte[] file, int at)
    {
        while (at < file.Length && file[at] == 0xFF)
        {
            at = Array.FindIndex(file, at, value => value != 0xFF);
            if (at < 0 || at + 3 > file.Length || file[at] is 0xD9 or 0xDA)
            {
                break;
            }

            var (marker, length) = (file[at], Big(file, at + 1, 2));
            if (marker >> 4 == 0xC && marker is not (0xC4 or 0xC8 or 0xCC))
            {
                return length >= 8 && at + 8 <= file.Length
                    ? Sized("image/jpeg", Big(file, at + 6, 2), Big(file, at + 4, 2))
                    : ("image/jpeg", 0, 0);
            }

            if (length < 2)
            {
                break;
            }

            at += 1 + (int)length;
        }

        return ("image/jpeg", 0, 0);
    }

    private static (string, int, int) Sized(string contentType, long width, long height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue
            ? (contentType, (int)width, (int)height)
            : (contentType, 0, 0);

    private static long Big(byte[] file, int at, int count) =>
        file.Skip(at).Take(count).Aggregate(0L, (value, next) => (value * 256) + next);

    private static long Little(byte[] file, int at, int count) =>
        file.Skip(at).Take(count).Reverse().Aggregate(0L, (value, next) => (value * 256) + next);
}
