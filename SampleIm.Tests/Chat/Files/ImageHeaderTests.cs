using SampleIm.Api.Chat.Files;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Files;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class ImageHeaderTests
{
    [TestMethod]
    public void Read_TellsFormatAndSize()
    {
        Expect(Pictures.Png(70_000, 3), "image/png", 70_000, 3);
        Expect(Pictures.Gif(640, 480), "image/gif", 640, 480);
        Expect(Pictures.Jpeg(4032, 3024), "image/jpeg", 4032, 3024);
        Expect(Pictures.Jpeg(1, 2, frame: 0xC0), "image/jpeg", 1, 2);
        Expect(Pictures.WebPLossy(1023, 767), "image/webp", 1023, 767);
        Expect(Pictures.WebPLossless(16384, 1), "image/webp", 16384, 1);
        Expect(Pictures.WebPExtended(400, 301), "image/webp", 400, 301);
    }

    /// <summary>
    /// What browsers enlarge the picture to is its size, and what they unpack counts, also where they cut it off.
    /// </summary>
    [TestMethod]
    public void Read_AGif_CountsItsFrames()
    {
        ExpectPixels(Pictures.GifWithFrames(10, 10, (0, 0, 10, 10), (2, 3, 4, 4)), 10, 10, 100);
        ExpectPixels(Pictures.GifWithFrames(1, 1, (0, 0, 60_000, 50_000)), 60_000, 50_000, 3_000_000_000);
        ExpectPixels(Pictures.GifWithFrames(10, 10, (65_535, 0, 65_535, 1)), 131_070, 10, 1_310_700);
        ExpectPixels(Pictures.GifWithFrames(10, 10, (0, 0, 10, 10), (0, 0, 5, 5), (0, 0, 60_000, 50_000)), 10, 10, 3_000_000_000);
        ExpectPixels(Pictures.GifWithFrames(0, 0, (0, 0, 3, 2)), 3, 2, 6);
        ExpectPixels(Pictures.GifWithFrames(10, 10), 10, 10, 100);
    }

    [TestMethod]
    public void Read_AnAnimatedPng_CountsItsFrames()
    {
        ExpectPixels(Pictures.PngWithFrames(10, 10, (10, 10), (4, 4)), 10, 10, 100);
        ExpectPixels(Pictures.PngWithFrames(10, 10, (10, 10), (60_000, 50_000), (1, 1)), 10, 10, 3_000_000_000);
        Assert.IsGreaterThan(1_000_000_000, Read(Pictures.PngWithFrames(10, 10, (uint.MaxValue, uint.MaxValue)))!.Pixels);
    }

    [TestMethod]
    public void Read_AnExtendedWebP_CountsItsFramesAndTheirPictures()
    {
        var (small, lossy, lossless) = (
            Pictures.WebPPicture(Pictures.WebPLossless(10, 10)), Pictures.WebPPicture(Pictures.WebPLossy(16_000, 9000)),
            Pictures.WebPPicture(Pictures.WebPLossless(16_000, 9000)));
        byte[] alpha = Pictures.WebPChunk("ALPH", [1, 2, 3]);
        ExpectPixels(Pictures.WebPWithChunks(10, 10, alpha, small), 10, 10, 100);
        ExpectPixels(Pictures.WebPWithChunks(10, 10, alpha, lossy), 10, 10, 144_000_000);
        ExpectPixels(
            Pictures.WebPWithChunks(10, 10, Pictures.WebPFrame(10, 10, small), Pictures.WebPFrame(60_000, 50_000, small)), 10, 10,
            3_000_000_000);
        ExpectPixels(
            Pictures.WebPWithChunks(
                10, 10, Pictures.WebPFrame(10, 10, [.. alpha, .. lossless]), Pictures.WebPFrame(10, 10, small)),
            10, 10, 144_000_000);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Read_AJpegOfACameraHeldUpright_IsAsTallAsItIsShown(bool isLittleEndian)
    {
        Expect(Pictures.JpegWithOrientation(400, 300, 1, isLittleEndian), "image/jpeg", 400, 300);
        Expect(Pictures.JpegWithOrientation(400, 300, 3, isLittleEndian), "image/jpeg", 400, 300);
        Expect(Pictures.JpegWithOrientation(400, 300, 6, isLittleEndian), "image/jpeg", 300, 400);
        Expect(Pictures.JpegWithOrientation(400, 300, 8, isLittleEndian), "image/jpeg", 300, 400);
    }

    [TestMethod]
    public void Read_AMutatedExifSegment_NeverThrows()
    {
        var picture = Pictures.JpegWithOrientation(9, 9, 6, isLittleEndian: true);
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = (byte[])picture.Clone();
            for (var change = 0; change < 3; change++)
            {
                mutated[random.Next(3, mutated.Length)] = (byte)random.Next(256);
            }

            _ = Read(mutated);
        }
    }

    [TestMethod]
    public void Read_OtherFiles_AreNoPictures()
    {
        Assert.IsNull(Read([]));
        Assert.IsNull(Read("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()));
        Assert.IsNull(Read("BM plus a bitmap, thirty bytes or more"u8.ToArray()));
        Assert.IsNull(Read("RIFF....WAVEfmt and so on and so on"u8.ToArray()));
    }

    [TestMethod]
    public void Read_BrokenHeaders_AreBroken()
    {
        Assert.IsTrue(Read(Pictures.Png(0, 5))!.IsBroken);
        Assert.IsTrue(Read(Pictures.Png(-1, 5))!.IsBroken);
        Assert.IsTrue(Read(Pictures.Gif(0, 5))!.IsBroken);
        Assert.IsTrue(Read(Pictures.Jpeg(5, 0))!.IsBroken);
        Assert.IsTrue(Read(Pictures.Jpeg(5, 5, frame: 0xC4))!.IsBroken);
        Assert.IsTrue(Read([0xFF, 0xD8, 0xFF, 0xE0, 0, 1])!.IsBroken);
    }

    [TestMethod]
    public void Read_CutAnywhere_NeverThrowsAndNeverGuesses()
    {
        foreach (var picture in new[]
            {
                Pictures.JpegWithOrientation(9, 9, 6, true), Pictures.Png(9, 9), Pictures.Gif(9, 9), Pictures.Jpeg(9, 9),
                Pictures.WebPLossy(9, 9), Pictures.WebPLossless(9, 9), Pictures.WebPExtended(9, 9),
            })
        {
            for (var length = 0; length < picture.Length; length++)
            {
                var header = Read(picture[..length]);
                Assert.IsTrue(
                    header is null || header.IsBroken || (header.Width, header.Height) == (9, 9), $"{header} of {length} bytes");
            }
        }
    }

    [TestMethod]
    public void Read_AJpegOfNothingButFillOrSegments_Ends()
    {
        Assert.IsTrue(Read([0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 1_000_000)])!.IsBroken);
        var segments = Enumerable.Repeat(new byte[] { 0xFF, 0xE1, 0, 2 }, 250_000).SelectMany(segment => segment);
        Assert.IsTrue(Read([0xFF, 0xD8, .. segments])!.IsBroken);
    }

    private static ImageHeader? Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return ImageHeader.Read(stream);
    }

    private static void ExpectPixels(byte[] file, int width, int height, long pixels)
    {
        var header = Read(file)!;
        Assert.AreEqual((width, height, pixels), (header.Width, header.Height, header.Pixels));
    }

    private static void Expect(byte[] file, string contentType, int width, int height) =>
        Assert.AreEqual(new ImageHeader(contentType, width, height), Read(file));
}
