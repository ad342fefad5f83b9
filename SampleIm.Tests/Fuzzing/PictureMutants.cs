using SampleIm.Tests.Running;


namespace SampleIm.Tests.Fuzzing;

/// <summary>Pictures that were whole, with a few bytes changed, cut out, put in or lost.</summary>
public static class PictureMutants
{
    private static readonly byte[] s_edges = [0, 1, 0x7F, 0x80, 0xC0, 0xD8, 0xD9, 0xDA, 0xE1, 0xFE, 0xFF];

    private static readonly byte[] s_animation = Pictures.WebPWithChunks(
        17, 9, Pictures.WebPChunk("ANIM", new byte[6]), Pictures.WebPFrame(
            9, 7, Pictures.WebPPicture(Pictures.WebPLossy(90, 80))),
        Pictures.WebPFrame(90, 80, Pictures.WebPPicture(Pictures.WebPLossless(9, 7))));

    /// <summary>The kinds of picture that mutants are made of, by the name of their format.</summary>
    public static IReadOnlyDictionary<string, byte[][]> Whole { get; } = new Dictionary<string, byte[][]>
    {
        ["png"] = [WholePictures.Png(17, 9), Pictures.Png(70_000, 3), Pictures.PngWithFrames(17, 9, (17, 9), (90, 80))],
        ["jpeg"] = [
            WholePictures.Jpeg(17, 9), Pictures.Jpeg(4032, 3024), Pictures.JpegWithOrientation(40, 30, 6, true),
            Pictures.JpegWithOrientation(40, 30, 8, false)],
        ["gif"] = [WholePictures.Gif(17, 9), Pictures.GifWithFrames(17, 9, (3, 4, 20, 30), (0, 0, 90, 80))],
        ["webp"] = [
            WholePictures.WebPLossless(17, 9), WholePictures.WebPExtended(17, 9), Pictures.WebPLossy(40, 30), s_animation],
    };

    public static byte[] Make(string format, Random random)
    {
        var pictures = Whole[format];
        var file = pictures[random.Next(pictures.Length)];
        for (var changes = random.Next(1, 5); changes > 0 && file.Length > 0; changes--)
        {
            // Most of what matters stands at the beginning.
            var at = random.Next(random.Next(3) == 0 ? file.Length : Math.Min(file.Length, 40));
            file = random.Next(9) switch
            {
                0 => file[..at],
                1 => [.. file[..at], .. file[Math.Min(file.Length, at + random.Next(1, 9))..]],
                2 => [.. file[..at], .. JsonForge.Noise(random), .. file[at..]],
                3 => [.. file[..at], .. file[random.Next(file.Length)..]],
                4 => [.. file[..at], .. pictures[random.Next(pictures.Length)].AsSpan(0, 8), .. file[at..]],
                5 or 6 => [.. file[..at], s_edges[random.Next(s_edges.Length)], .. file[(at + 1)..]],
                _ => [.. file[..at], (byte)random.Next(256), .. file[(at + 1)..]],
            };
        }

        return file;
    }
}
