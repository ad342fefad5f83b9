using SampleIm.Api.Chat.Files;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Fuzzing;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PictureMutantTests
{
    private const int Mutants = 10_000;
    private const int Uploads = 100;
    private const long MaxPixels = 10_000;

    /// <summary>An object for the header, and nothing that grows with the file.</summary>
    private const long MostBytesAllocated = 1000;

    [TestMethod]
    [DataRow("png")]
    [DataRow("jpeg")]
    [DataRow("gif")]
    [DataRow("webp")]
    public void Header_OfAMutant_IsReadAsItsFormatSays_WithinBounds(string format)
    {
        var (random, accepted) = (new Random(FuzzSettings.Seed), 0);
        for (var count = 0; count < Mutants; count++)
        {
            var mutant = PictureMutants.Make(format, random);
            using var file = new CountingStream(mutant);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var header = ImageHeader.Read(file);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

            var context = $"Mutant {count} of seed {FuzzSettings.Seed}: {Convert.ToHexString(mutant)}";
            Assert.AreEqual(
                Unturned(PictureOracle.Read(mutant)),
                Unturned(
                    header is null
                        ? null
                        : header.IsBroken ? (header.ContentType, 0, 0) : (header.ContentType, header.Width, header.Height)),
                context);
            Assert.AreEqual(PixelsOf(mutant), header is null or { IsBroken: true } ? 0 : header.Pixels, context);
            Assert.IsLessThanOrEqualTo(MostBytesAllocated, allocated, context);
            // The beginning is read to know the format, and of a JPEG an Exif segment besides.
            Assert.IsLessThanOrEqualTo((2L * mutant.Length) + 30, file.BytesRead, context);
            accepted += header is { IsBroken: false } ? 1 : 0;
        }

        // Neither all of them nor none: else nothing would have been tried.
        Assert.IsTrue(accepted is > Mutants / 20 and < Mutants * 19 / 20, $"{accepted}");
    }

    [TestMethod]
    public async Task Upload_OfAMutant_IsTakenOrRefusedByRule()
    {
        using var app = new SampleImApp(new() { ["Images:MaxPixels"] = $"{MaxPixels}", ["RateLimits:Enabled"] = "false" });
        var alice = await app.RegisterAsync("alice");
        var (random, accepted) = (new Random(FuzzSettings.Seed), 0);
        foreach (var mutant in PictureMutants.Whole.Keys
            .SelectMany(format => Enumerable.Range(0, Uploads).Select(_ => PictureMutants.Make(format, random))).ToList())
        {
            var answer = await alice.UploadAsync(mutant);
            switch (PictureOracle.Read(mutant))
            {
                case null:
                    answer.ShouldBe(415, "image.unsupported");
                    break;
                case (_, 0, _):
                    answer.ShouldBe(400, "image.invalid");
                    break;
                case not null when PixelsOf(mutant) > MaxPixels:
                    answer.ShouldBe(400, "image.invalid");
                    break;
                case var (type, width, height):
                    answer.ShouldBe(201);
                    var image = answer.As<ImageResponse>();
                    Assert.AreEqual(Unturned((type, width, height)), Unturned((image.ContentType, image.Width, image.Height)));
                    var stored = await (await alice.GetAsync(image.Url)).Response.Content.ReadAsByteArrayAsync();
                    CollectionAssert.AreEqual(mutant, stored);
                    accepted++;
                    break;
            }
        }

        Assert.IsGreaterThan(20, accepted);
        Assert.HasCount(accepted, Directory.GetFiles(Path.Combine(app.DataPath, "images")));
    }

    [TestMethod]
    public void WholePicture_IsReadAsItIs()
    {
        foreach (var picture in new[]
            {
                WholePictures.Png(17, 9), WholePictures.Gif(17, 9), WholePictures.Jpeg(17, 9), WholePictures.WebPLossless(17, 9),
                WholePictures.WebPExtended(17, 9),
            })
        {
            using var file = new MemoryStream(picture);
            var header = ImageHeader.Read(file)!;
            Assert.AreEqual((17, 9), (header.Width, header.Height), header.ContentType);
        }
    }

    /// <summary>What has to be unpacked; 0 where nothing can be.</summary>
    private static long PixelsOf(byte[] mutant) =>
        PictureOracle.Read(mutant) is (_, > 0, var height) picture
            ? Math.Max((long)picture.Width * height, PictureOracle.LargestFrame(mutant))
            : 0;

    /// <summary>Whether the camera was held upright is none of the rules that are tried here.</summary>
    private static (string, int, int)? Unturned((string ContentType, int Width, int Height)? picture) =>
        picture is { } known
            ? (known.ContentType, Math.Min(known.Width, known.Height), Math.Max(known.Width, known.Height))
            : null;

    private sealed class CountingStream(byte[] file) : MemoryStream(file, 0, file.Length, writable: false, publiclyVisible: true)
    {
        public long BytesRead { get; private set; }

        /// <summary>By itself, for the base would go by way of the other.</summary>
        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Clamp(Length - Position, 0, buffer.Length);
            GetBuffer().AsSpan((int)Math.Min(Position, Length), count).CopyTo(buffer);
            Position += count;
            BytesRead += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int ReadByte()
        {
            var value = base.ReadByte();
            BytesRead += value < 0 ? 0 : 1;
            return value;
        }
    }
}
