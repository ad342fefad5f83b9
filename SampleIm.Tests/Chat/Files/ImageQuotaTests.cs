using SampleIm.Api.Chat.Files;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Chat.Files;

[TestClass]
public sealed class ImageQuotaTests
{
    private const int Quota = 300_000;

    private readonly TestClock _clock = new();
    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["Images:MaxBytes"] = "200000", ["Images:QuotaBytes"] = $"{Quota}" }, _clock);
        _alice = await _app.RegisterAsync("alice");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Upload_UpToTheQuota_IsTaken_AndNotAByteMore()
    {
        (await UploadAsync(200_000)).ShouldBe(201);
        (await UploadAsync(100_001)).ShouldBe(413, "image.quotaExceeded");
        (await UploadAsync(100_000)).ShouldBe(201);
        (await UploadAsync(100)).ShouldBe(413, "image.quotaExceeded");
        Assert.AreEqual(Quota, Kept());
        (await (await _app.RegisterAsync("bob")).UploadAsync(Sized(200_000))).ShouldBe(201);
    }

    [TestMethod]
    public async Task Upload_OfMoreThanThereIsRoomFor_IsRefusedBeforeItIsRead()
    {
        (await UploadAsync(200_000)).ShouldBe(201);
        (await UploadAsync(50_000)).ShouldBe(201);
        using var connection = await RawConnection.OpenAsync(_app.Address);
        await connection.WriteAsync($"""
            POST /api/images HTTP/1.1
            Host: {_app.Address.Authority}
            Cookie: {_alice.Cookies.GetCookieHeader(_app.Address)}
            Content-Type: multipart/form-data; boundary=b
            Content-Length: 190000
            Expect: 100-continue


            """.ReplaceLineEndings("\r\n"));
        // Not a byte of the body was sent.
        var answer = await connection.ReadUntilAsync("}");
        StringAssert.StartsWith(answer, "HTTP/1.1 413 ");
        Assert.Contains("image.quotaExceeded", answer);
    }

    [TestMethod]
    public async Task Uploads_AtTheSameTime_DoNotExceedTheQuotaTogether()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => UploadAsync(70_000)));
        var taken = answers.Count(answer => answer.Status == 201);
        Assert.IsTrue(
            answers.All(answer => answer.Status == 201 || answer.Code is "image.quotaExceeded" or "image.tooManyUploads"));
        // Each that found a place under the four was read: four of them have room, and a fifth would have none.
        Assert.AreEqual(UnfinishedUploads.MostOfAUser, taken, string.Join(' ', answers.Select(answer => answer.Code)));
        Assert.AreEqual(280_000, Kept());
        Assert.AreEqual(0, _app.Get<UnfinishedUploads>().Count);
    }

    [TestMethod]
    public async Task Recall_MakesRoom()
    {
        var image = (await UploadAsync(200_000)).As<ImageResponse>();
        (await UploadAsync(150_000)).ShouldBe(413, "image.quotaExceeded");
        (await _alice.PostAsync("/api/conversations/lobby/messages", new { imageId = image.Id })).ShouldBe(201);
        (await UploadAsync(150_000)).ShouldBe(413, "image.quotaExceeded");
        (await _alice.DeleteAsync("/api/conversations/lobby/messages/1")).ShouldBe(204);
        (await UploadAsync(150_000)).ShouldBe(201);
    }

    [TestMethod]
    public async Task WhatIsNeverSent_MakesRoomAfterADay()
    {
        (await UploadAsync(200_000)).ShouldBe(201);
        _clock.Advance(TimeSpan.FromHours(25));
        (await UploadAsync(150_000)).ShouldBe(413, "image.quotaExceeded");
        await _app.Get<OrphanSweep>().SweepAsync(CancellationToken.None);
        (await UploadAsync(150_000)).ShouldBe(201);
    }

    private Task<Answer> UploadAsync(int size) => _alice.UploadAsync(Sized(size));

    private long Kept() => Directory.EnumerateFiles(Path.Combine(_app.DataPath, "images")).Sum(file => new FileInfo(file).Length);

    private static byte[] Sized(int length) => [.. Pictures.Png(2, 2), .. new byte[length - Pictures.Png(2, 2).Length]];
}
