using System.Net.Http.Headers;
using System.Text;
using Dapper;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Files;

[TestClass]
public sealed class ImageTests
{
    private const int MaxBytes = 200_000;

    private readonly TestClock _clock = new();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["Images:MaxBytes"] = $"{MaxBytes}", ["Images:MaxPixels"] = "10000" }, _clock);
        _alice = await _app.RegisterAsync("alice");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Upload_IsJudgedByItsBytes()
    {
        var answer = await _alice.UploadAsync(Pictures.Gif(30, 20), name: "photo.exe", contentType: "text/html");
        answer.ShouldBe(201);
        var image = answer.As<ImageResponse>();
        Assert.AreEqual(
            ("image/gif", 13L, 30, 20, $"/media/{image.Id}"),
            (image.ContentType, image.Size, image.Width, image.Height, image.Url));
        Assert.IsGreaterThanOrEqualTo(22, image.Id.Length);
    }

    /// <summary>
    /// What systems name a JPEG of which they know no type, or the wrong one; a form may leave the type out too.
    /// </summary>
    [TestMethod]
    [DataRow("image/jpg")]
    [DataRow("image/pjpeg")]
    [DataRow("text/plain; charset=utf-8")]
    [DataRow("none of a type;;")]
    [DataRow("application/octet-stream")]
    [DataRow("")]
    [DataRow(null)]
    public async Task Upload_TypeThatIsMissingOrOdd_IsTaken(string? declared)
    {
        var line = declared is null ? "" : $"Content-Type: {declared}\r\n";
        var head = Encoding.ASCII.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n{line}\r\n");
        byte[] form = [.. head, .. Pictures.Gif(30, 20), .. "\r\n--b--\r\n"u8];
        var answer = await _alice.PostRawAsync("/api/images", form, "multipart/form-data; boundary=b");
        answer.ShouldBe(201);
        Assert.AreEqual("image/gif", answer.As<ImageResponse>().ContentType);
    }

    [TestMethod]
    public async Task Upload_OfASmallPictureWithALargeFrame_IsRefused()
    {
        (await _alice.UploadAsync(Pictures.GifWithFrames(1, 1, (0, 0, 101, 100)))).ShouldBe(400, "image.invalid");
        (await _alice.UploadAsync(Pictures.GifWithFrames(1, 1, (0, 0, 1, 1), (0, 0, 101, 100)))).ShouldBe(400, "image.invalid");
        (await _alice.UploadAsync(Pictures.PngWithFrames(1, 1, (101, 100)))).ShouldBe(400, "image.invalid");
        (await _alice.UploadAsync(Pictures.WebPWithChunks(1, 1, Pictures.WebPFrame(101, 100, []))))
            .ShouldBe(400, "image.invalid");
        (await _alice.UploadAsync(Pictures.GifWithFrames(1, 1, (0, 0, 100, 100)))).ShouldBe(201);
        Assert.HasCount(1, Files());
    }

    [TestMethod]
    public async Task Upload_WhatIsNoPicture_IsRefusedAndLeavesNothing()
    {
        (await _alice.UploadAsync("<svg/>"u8.ToArray(), contentType: "image/svg+xml")).ShouldBe(415, "image.unsupported");
        (await _alice.UploadAsync([])).ShouldBe(415, "image.unsupported");
        (await _alice.UploadAsync(Pictures.Png(0, 1))).ShouldBe(400, "image.invalid");
        (await _alice.UploadAsync(Pictures.Png(101, 100))).ShouldBe(400, "image.invalid");
        (await _alice.UploadAsync(Pictures.Png(100, 100))).ShouldBe(201);
        Assert.HasCount(1, Files());
    }

    [TestMethod]
    public async Task Upload_TooLarge_IsRefusedWithAndWithoutALength()
    {
        (await _alice.UploadAsync(Sized(MaxBytes))).ShouldBe(201);
        (await _alice.UploadAsync(Sized(MaxBytes + 1))).ShouldBe(413, "image.tooLarge");
        (await _alice.UploadAsync(Sized(MaxBytes * 2))).ShouldBe(413, "image.tooLarge");
        var endless = await _alice.AskAsync(
            HttpMethod.Post, "/api/images", Chunked(Sized(MaxBytes * 2)),
            request => request.Headers.TransferEncodingChunked = true);
        endless.ShouldBe(413, "image.tooLarge");
        Assert.HasCount(1, Files());
    }

    [TestMethod]
    public async Task Upload_WhatIsNoForm_Is4xx()
    {
        (await _alice.PostRawAsync("/api/images", Pictures.Png(1, 1), "image/png")).ShouldBe(415, "request.unsupportedMediaType");
        (await _alice.PostRawAsync("/api/images", "x"u8.ToArray(), "multipart/form-data"))
            .ShouldBe(415, "request.unsupportedMediaType");
        (await _alice.PostRawAsync("/api/images", "x"u8.ToArray(), $"multipart/form-data; boundary={new string('b', 5000)}"))
            .ShouldBe(415, "request.unsupportedMediaType");
        (await _alice.UploadAsync(Pictures.Png(1, 1), field: "picture")).ShouldBe(400, "request.invalid");
        var cut = Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nhalf");
        (await _alice.PostRawAsync("/api/images", cut, "multipart/form-data; boundary=b")).ShouldBe(400, "request.malformed");
        (await _alice.PostRawAsync("/api/images", "nothing of a form"u8.ToArray(), "multipart/form-data; boundary=b"))
            .ShouldBe(400, "request.malformed");
        Assert.IsEmpty(Files());
    }

    [TestMethod]
    public async Task Upload_OntoADiskThatFails_IsTheServersFault()
    {
        var folder = Path.Combine(_app.DataPath, "images");
        Directory.Move(folder, folder + "-away");
        (await _alice.UploadAsync(Pictures.Png(1, 1))).ShouldBe(503, "storage.unavailable");
        Directory.Move(folder + "-away", folder);
        (await _alice.UploadAsync(Pictures.Png(1, 1))).ShouldBe(201);
    }

    [TestMethod]
    public async Task Media_IsServedAsVerifiedToWhoeverIsSignedIn()
    {
        var bob = await _app.RegisterAsync("bob");
        var image = (await _alice.UploadAsync(Pictures.Jpeg(10, 10), contentType: "text/html")).As<ImageResponse>();
        (await _app.Anonymous().GetAsync(image.Url)).ShouldBe(401, "account.signInRequired");
        (await bob.GetAsync("/media/AAAAAAAAAAAAAAAAAAAAAA")).ShouldBe(404, "media.unknown");
        (await bob.GetAsync("/media/..%2Fsampleim.db")).ShouldBe(404, "media.unknown");

        var answer = await bob.GetAsync(image.Url);
        answer.ShouldBe(200);
        Assert.AreEqual("image/jpeg", answer.Response.Content.Headers.ContentType!.ToString());
        Assert.AreEqual("nosniff", answer.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.AreEqual(
            "private, max-age=31536000, immutable",
            string.Join(
                ", ",
                answer.Response.Headers.CacheControl!.ToString().Split(", ").OrderBy(part => part is "immutable")
                    .ThenBy(part => !part.StartsWith("priv", StringComparison.Ordinal))));
        CollectionAssert.AreEqual(Pictures.Jpeg(10, 10), await answer.Response.Content.ReadAsByteArrayAsync());
        var etag = answer.Response.Headers.ETag!.ToString();
        // Also as a proxy that compresses has marked it.
        foreach (var known in new[] { etag, "W/" + etag, etag[..^1] + "-gzip\"", $"\"other\", W/{etag}", "*" })
        {
            var unchanged = await bob.GetAsync(image.Url, known);
            Assert.AreEqual((304, etag), (unchanged.Status, unchanged.Response.Headers.ETag!.ToString()), known);
        }
    }

    [TestMethod]
    public async Task Media_AnswersRanges()
    {
        var image = await _alice.UploadPictureAsync();
        var part = await _alice.AskAsync(
            HttpMethod.Get, image.Url, null, request => request.Headers.Range = new RangeHeaderValue(1, 3));
        Assert.AreEqual((206, "PNG"), (part.Status, part.Body));
        var beyond = await _alice.AskAsync(
            HttpMethod.Get, image.Url, null, request => request.Headers.Range = new RangeHeaderValue(1000, 1001));
        beyond.ShouldBe(416, "request.rangeNotSatisfiable");
        Assert.AreEqual($"bytes */{image.Size}", beyond.Response.Content.Headers.ContentRange!.ToString());
        Assert.IsTrue(beyond.Response.Headers.CacheControl!.NoStore);
    }

    [TestMethod]
    [DataRow("If-Match", "\"another\"")]
    [DataRow("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")]
    public async Task Media_UnderAConditionThatDoesNotHold_Is412(string header, string value)
    {
        var image = await _alice.UploadPictureAsync();
        var answer = await _alice.AskAsync(
            HttpMethod.Get, image.Url, null, request => request.Headers.TryAddWithoutValidation(header, value));
        answer.ShouldBe(412, "request.preconditionFailed");
        Assert.IsTrue(answer.Response.Headers.CacheControl!.NoStore);
    }

    [TestMethod]
    public async Task Send_APicture_ShowsItToAll()
    {
        var bob = await _app.RegisterAsync("bob");
        var image = await _alice.UploadPictureAsync();
        var answer = await _alice.PostAsync(
            "/api/conversations/@bob/messages", new { imageId = image.Id, text = "look", clientId = "p1" });
        answer.ShouldBe(201);
        var seen = (await bob.NewAsync("@alice")).Messages.Single();
        Assert.AreEqual(("image", "look", image), (seen.Kind, seen.Text, seen.Image));
        (await _alice.PostAsync("/api/conversations/@bob/messages", new { imageId = image.Id, text = "look", clientId = "p1" }))
            .ShouldBe(200);
        await _alice.DeleteAsync("/api/conversations/@bob/messages/1");
        (await _alice.PostAsync("/api/conversations/@bob/messages", new { imageId = image.Id, text = "look", clientId = "p1" }))
            .ShouldBe(200);
        var bare = await _alice.UploadPictureAsync();
        Assert.IsNull(
            (await _alice.PostAsync("/api/conversations/@bob/messages", new { imageId = bare.Id, text = " " }))
                .As<MessageResponse>().Text);
        var preview = (await bob.TotalAsync()).Conversations.Single(conversation => conversation.Id == "@alice").LastMessage!;
        Assert.AreEqual(("image", null), (preview.Kind, preview.Text));
    }

    [TestMethod]
    public async Task Send_APictureThatIsNotThereToSend_IsRefused()
    {
        var bob = await _app.RegisterAsync("bob");
        var image = await _alice.UploadPictureAsync();
        (await _alice.PostAsync("/api/conversations/@bob/messages", new { imageId = "unknown" })).ShouldBe(400, "image.unknown");
        (await bob.PostAsync("/api/conversations/@alice/messages", new { imageId = image.Id })).ShouldBe(400, "image.unknown");
        Assert.AreEqual(0, (await bob.ConversationAsync("@alice")).LastSeq);
        (await _alice.PostAsync("/api/conversations/@bob/messages", new { imageId = image.Id })).ShouldBe(201);
        (await _alice.PostAsync("/api/conversations/@bob/messages", new { imageId = image.Id }))
            .ShouldBe(409, "image.alreadySent");
        Assert.AreEqual(1, (await bob.ConversationAsync("@alice")).LastSeq);
    }

    [TestMethod]
    public async Task Sweep_RemovesWhatWasNotSentWithinADay()
    {
        var (sent, unsent) = (await _alice.UploadPictureAsync(), await _alice.UploadPictureAsync());
        await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = sent.Id });
        var left = Path.Combine(_app.DataPath, "images", "left-by-a-crash");
        await File.WriteAllBytesAsync(left, Pictures.Png(1, 1));

        _clock.Advance(TimeSpan.FromHours(23));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        CollectionAssert.AreEquivalent(new[] { sent.Id, unsent.Id }, Files());

        _clock.Advance(TimeSpan.FromHours(2));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        CollectionAssert.AreEqual(new[] { sent.Id }, Files());
        (await _alice.GetAsync(unsent.Url)).ShouldBe(404, "media.unknown");
        (await _alice.GetAsync(sent.Url)).ShouldBe(200);
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = unsent.Id })).ShouldBe(400, "image.unknown");
    }

    /// <summary>
    /// No call leaves such a row or file behind unless the clock is set or the disk fails: they show what a round looks at.
    /// </summary>
    [TestMethod]
    public async Task Sweep_LooksAtWhatHasComeOfAge_AndOnceADayAtEverything()
    {
        var old = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(25));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        await AddUnsentAsync(old, "old");
        await WriteFileAsync("old", old);
        await WriteFileAsync("old-without-a-row", old);
        var young = await _alice.UploadPictureAsync();
        await WriteFileAsync("young-without-a-row", _clock.GetUtcNow());

        _clock.Advance(TimeSpan.FromHours(2));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        CollectionAssert.AreEquivalent(new[] { "old", "old-without-a-row", young.Id }, Files());
        (await _alice.GetAsync(young.Url)).ShouldBe(200);
        (await _alice.GetAsync("/media/old")).ShouldBe(200);

        _clock.Advance(OrphanSweep.WholeInterval - TimeSpan.FromHours(2));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        CollectionAssert.AreEquivalent(new[] { young.Id }, Files());
        (await _alice.GetAsync("/media/old")).ShouldBe(404, "media.unknown");

        _clock.Advance(TimeSpan.FromHours(1));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        Assert.IsEmpty(Files());
    }

    [TestMethod]
    public async Task Sweep_RemovesAnyNumberOfTheSameMoment_AndNothingThatWasSent()
    {
        var sent = await _alice.UploadPictureAsync();
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = sent.Id })).ShouldBe(201);
        await AddUnsentAsync(_clock.GetUtcNow(), [.. Enumerable.Range(0, 1200).Select(number => $"unsent-{number}")]);
        _clock.Advance(TimeSpan.FromHours(25));
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        Assert.AreEqual(
            1,
            await _app.Get<Database>()
                .ReadAsync(
                    connection => connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM images"), CancellationToken.None));
        (await _alice.GetAsync(sent.Url)).ShouldBe(200);
    }

    private Task<int> AddUnsentAsync(DateTimeOffset createdAt, params string[] ids) => _app.ExecuteAsync("""
        INSERT INTO images (id, owner_id, content_type, size, width, height, created_at)
        SELECT @id, id, 'image/png', 1, 1, 1, @createdAt FROM users WHERE username = 'alice'
        """, ids.Select(id => new { id, createdAt }).ToArray());

    private async Task WriteFileAsync(string id, DateTimeOffset at)
    {
        var path = Path.Combine(_app.DataPath, "images", id);
        await File.WriteAllBytesAsync(path, Pictures.Png(1, 1));
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
    }

    private static byte[] Sized(int length) => [.. Pictures.Png(2, 2), .. new byte[length - Pictures.Png(2, 2).Length]];

    private static MultipartFormDataContent Chunked(byte[] file) =>
        new() { { new StreamContent(new MemoryStream(file)), "file", "picture.png" } };

    private string[] Files() =>
        Directory.EnumerateFiles(Path.Combine(_app.DataPath, "images")).Select(file => Path.GetFileName(file)).ToArray();
}
