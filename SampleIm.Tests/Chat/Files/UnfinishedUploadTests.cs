using System.Text;
using SampleIm.Api.Chat.Files;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Chat.Files;

/// <summary>Uploads that begin and do not end: connections on which the last bytes are held back.</summary>
[TestClass]
public sealed class UnfinishedUploadTests
{
    private const int Quota = 300_000;
    private const int PictureBytes = 140_000;

    /// <summary>Bytes that are collected before they are written, and counted.</summary>
    private const int WrittenAtOnce = 64 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private SampleImApp _app = null!;
    private ApiUser _alice = null!;

    [TestInitialize]
    public Task Start() => StartAsync([]);

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task WhatHasCome_CountsAgainstTheQuota(bool saysItsLength)
    {
        using var first = await StallAsync(_alice, saysItsLength);
        using var second = await StallAsync(_alice, saysItsLength);
        await UntilWrittenAsync(2);
        (await _alice.UploadAsync(Picture(PictureBytes))).ShouldBe(413, "image.quotaExceeded");
        // Nobody else's.
        (await (await _app.RegisterAsync("bob")).UploadAsync(Picture(PictureBytes))).ShouldBe(201);

        await FinishAsync(first, saysItsLength);
        Assert.AreEqual(201, (await first.ReadAsync(s_patience))!.Status);
        (await _alice.UploadAsync(Picture(PictureBytes))).ShouldBe(413, "image.quotaExceeded");
        second.Dispose();
        await UntilOnDiskAsync(2);
        (await _alice.UploadAsync(Picture(PictureBytes))).ShouldBe(201);
    }

    /// <summary>Without a length the room is taken by what comes: anyone who is over it is cut off there.</summary>
    [TestMethod]
    public async Task AnUploadOfUnknownLength_IsRefusedWhereTheRoomEnds_AndItsFileIsGone()
    {
        using var first = await StallAsync(_alice, saysItsLength: true);
        using var second = await StallAsync(_alice, saysItsLength: true);
        await UntilWrittenAsync(2);
        using var third = await StallAsync(_alice, saysItsLength: false);
        var answer = (await third.ReadAsync(s_patience))!;
        Assert.AreEqual(
            (413, true), (answer.Status, answer.Text.Contains("image.quotaExceeded", StringComparison.Ordinal)), answer.Text);
        Assert.HasCount(2, Files());
    }

    [TestMethod]
    public async Task AFifthUploadAtTheSameTime_IsRefused_UntilOneHasEnded()
    {
        var stalled = new List<WireConnection>();
        for (var count = 0; count < 4; count++)
        {
            stalled.Add(await StallAsync(_alice, saysItsLength: false, bytes: 1000));
        }

        await UntilOnDiskAsync(4);
        var refusal = await _alice.UploadAsync(Picture(1000));
        refusal.ShouldBe(429, "image.tooManyUploads");
        Assert.IsGreaterThan(TimeSpan.Zero, refusal.Response.Headers.RetryAfter!.Delta!.Value);
        (await (await _app.RegisterAsync("bob")).UploadAsync(Picture(1000))).ShouldBe(201);

        await FinishAsync(stalled[0], saysItsLength: false);
        Assert.AreEqual(201, (await stalled[0].ReadAsync(s_patience))!.Status);
        await UntilAsync(async () => (await _alice.UploadAsync(Picture(1000))).Status == 201);
        stalled.ForEach(connection => connection.Dispose());
        await UntilAsync(() => Task.FromResult(_app.Get<UnfinishedUploads>().Count == 0));
        Assert.HasCount(3, Files());
    }

    [TestMethod]
    public async Task AnUploadThatTakesTooLong_IsRefused_AndItsFileIsGoneAtOnce()
    {
        await RestartAsync(new() { ["Images:MaxUploadTime"] = "00:00:01" });
        using var stalled = await StallAsync(_alice, saysItsLength: true);
        var answer = (await stalled.ReadAsync(s_patience))!;
        Assert.AreEqual((408, true, true), (answer.Status, answer.IsProblem, answer.IsLast), answer.Text);
        Assert.Contains("request.timeout", answer.Text);
        Assert.IsEmpty(Files());
        Assert.AreEqual(0, _app.Get<UnfinishedUploads>().Count);
        (await _alice.UploadAsync(Picture(PictureBytes))).ShouldBe(201);
    }

    /// <summary>Connections that are dead, and of which the server has not heard so: their user uploads again.</summary>
    [TestMethod]
    public async Task UploadsThatStall_EndAfterAMinute_AndTheirUserUploadsAgain()
    {
        var clock = new CountingClock();
        await RestartAsync([], clock);
        var dead = new List<WireConnection>();
        for (var count = 0; count < UnfinishedUploads.MostOfAUser; count++)
        {
            dead.Add(await StallAsync(_alice, saysItsLength: true, bytes: 1000));
        }

        // All that was sent is read, and the server waits for more.
        await UntilOnDiskAsync(dead.Count);
        await UntilAsync(() => Task.FromResult(clock.CountDueWithin(UploadStream.LongestStall) == dead.Count));
        (await _alice.UploadAsync(Picture(1000))).ShouldBe(429, "image.tooManyUploads");
        clock.Advance(UploadStream.LongestStall - TimeSpan.FromSeconds(1));
        // One of them was only slow.
        await FinishAsync(dead[0], saysItsLength: true);
        Assert.AreEqual(201, (await dead[0].ReadAsync(s_patience))!.Status);

        clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var connection in dead.Skip(1))
        {
            var answer = (await connection.ReadAsync(s_patience))!;
            Assert.AreEqual((408, true, true), (answer.Status, answer.IsProblem, answer.IsLast), answer.Text);
            Assert.Contains("request.timeout", answer.Text);
        }

        Assert.AreEqual(0, _app.Get<UnfinishedUploads>().Count);
        Assert.HasCount(1, Files());
        (await _alice.UploadAsync(Picture(PictureBytes))).ShouldBe(201);
        dead.ForEach(connection => connection.Dispose());
    }

    [TestMethod]
    public async Task AnUploadWhoseClientGoes_LeavesNothing()
    {
        using (await StallAsync(_alice, saysItsLength: true))
        {
            await UntilOnDiskAsync(1);
        }

        await UntilOnDiskAsync(0);
        await UntilAsync(() => Task.FromResult(_app.Get<UnfinishedUploads>().Count == 0));
    }

    private async Task StartAsync(Dictionary<string, string> settings, TimeProvider? clock = null)
    {
        // Only what is tried here cuts an upload off: one that stalls stays within the time that a slow body has.
        _app = new SampleImApp(
            new(settings)
            {
                ["Images:MaxBytes"] = "200000",
                ["Images:QuotaBytes"] = $"{Quota}",
                ["Server:BodyGrace"] = "00:10:00",
            },
            clock);
        _alice = await _app.RegisterAsync("alice");
    }

    private Task RestartAsync(Dictionary<string, string> settings, TimeProvider? clock = null)
    {
        _app.Dispose();
        return StartAsync(settings, clock);
    }

    /// <summary>Sends all of an upload but for its end.</summary>
    private async Task<WireConnection> StallAsync(ApiUser user, bool saysItsLength, int bytes = PictureBytes)
    {
        var body = Body(bytes);
        var connection = await WireConnection.OpenAsync(_app.Address);
        // In one piece, so that the server never waits for more in the midst of it.
        var head = string.Join("\r\n",
            "POST /api/images HTTP/1.1", $"Host: {_app.Address.Authority}",
            $"Cookie: {user.Cookies.GetCookieHeader(_app.Address)}",
            "Content-Type: multipart/form-data; boundary=b",
            saysItsLength ? $"Content-Length: {body.Length + End.Length}" : "Transfer-Encoding: chunked", "", "");
        await connection.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. saysItsLength ? body : Chunk(body)]);
        return connection;
    }

    private static async Task FinishAsync(WireConnection connection, bool saysItsLength) =>
        await connection.SendAsync(saysItsLength ? End : [.. Chunk(End), .. "0\r\n\r\n"u8]);

    private static byte[] Body(int bytes) =>
        [.. "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"u8, .. Picture(bytes)];

    private static byte[] End => [.. "\r\n--b--\r\n"u8];

    private static byte[] Chunk(byte[] bytes) => [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. "\r\n"u8];

    private static byte[] Picture(int length) => [.. Pictures.Png(2, 2), .. new byte[length - Pictures.Png(2, 2).Length]];

    private string[] Files() => Directory.GetFiles(Path.Combine(_app.DataPath, "images"));

    private Task UntilOnDiskAsync(int files) => UntilAsync(() => Task.FromResult(Files().Length == files));

    /// <summary>As far as it can be: the last piece waits for more.</summary>
    private Task UntilWrittenAsync(int files) => UntilAsync(() => Task.FromResult(
        Files().Count(file => new FileInfo(file).Length >= PictureBytes - (PictureBytes % WrittenAtOnce)) == files));

    private static async Task UntilAsync(Func<Task<bool>> hasHappened)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await hasHappened())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
