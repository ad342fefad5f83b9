using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

/// <summary>No room left: what was acknowledged is there, what was not is told, and once there is room all goes on.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class FullDiskTests
{
    private const string Messages = "/api/conversations/lobby/messages";
    private const long DiskBytes = 3 * 1024 * 1024;

    /// <summary>More than find room in the log that is on the disk already.</summary>
    private const int MostSends = 5000;

    private readonly Dictionary<string, long> _acknowledged = [];
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Sends_OnADiskThatFillsUp_AreRefusedWith507_AndNothingAcknowledgedIsLost()
    {
        await using var disk = await SmallDisk.MountAsync(_folder, DiskBytes);
        await using (var server = await ServerProcess.StartOnAsync(disk, _folder))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            await RegisterAsync(client);
            for (var round = 0; round < 3; round++)
            {
                var ballast = await disk.FillAsync();
                var refused = await SendUntilRefusedAsync(client, $"round {round}");
                await StillAnswersAsync(client);

                File.Delete(ballast);
                await SendAsync(client, refused, HttpStatusCode.Created);
            }

            await ReadsWhatWasAcknowledgedAsync(client);
            await disk.FillAsync();
            await SendUntilRefusedAsync(client, "before the kill");
        }

        // Killed while the disk was full, and started when there is room.
        File.Delete(Path.Combine(disk.OutsidePath, "ballast"));
        await using (var server = await ServerProcess.StartOnAsync(disk, _folder))
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            await SignInAsync(client);
            await ReadsWhatWasAcknowledgedAsync(client);
            await SendAsync(client, "goes on", HttpStatusCode.Created);
        }

        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        foreach (var file in Directory.GetFiles(disk.OutsidePath, "sampleim.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        await SqliteFile.ShouldBeIntactAsync(copy);
    }

    [TestMethod]
    public async Task Upload_OnAFullDisk_Is507_AndLeavesNothing()
    {
        var images = Path.Combine(_folder, "images");
        await using var disk = await SmallDisk.MountAsync(images, 256 * 1024);
        await using var server = await ServerProcess.StartOnAsync(disk, _folder);
        using var client = new HttpClient { BaseAddress = server.Address };
        await RegisterAsync(client);

        // It does not fit as a whole; nor does its first byte.
        await RefusesAsync(await UploadAsync(client, 1024 * 1024), 507, "storage.full");
        Assert.IsEmpty(Directory.GetFiles(disk.OutsidePath));
        await disk.FillAsync();
        await RefusesAsync(await UploadAsync(client, 100), 507, "storage.full");
        await SendAsync(client, "a text needs no picture", HttpStatusCode.Created);

        File.Delete(Path.Combine(disk.OutsidePath, "ballast"));
        Assert.AreEqual(HttpStatusCode.Created, (await UploadAsync(client, 1000)).StatusCode);
        Assert.HasCount(1, Directory.GetFiles(disk.OutsidePath));
    }

    [TestMethod]
    public async Task Upload_OnADiskThatBecameReadOnly_Is503()
    {
        await using var disk = await SmallDisk.MountAsync(Path.Combine(_folder, "images"), DiskBytes);
        await using var server = await ServerProcess.StartOnAsync(disk, _folder);
        using var client = new HttpClient { BaseAddress = server.Address };
        await RegisterAsync(client);
        Assert.AreEqual(HttpStatusCode.Created, (await UploadAsync(client, 1000)).StatusCode);
        await disk.MakeReadOnlyAsync();
        await RefusesAsync(await UploadAsync(client, 1000), 503, "storage.unavailable");
    }

    [TestMethod]
    [DataRow(true, DisplayName = "a new database")]
    [DataRow(false, DisplayName = "an older database")]
    public async Task Start_OnAFullDisk_StopsWithOneLine(bool isNew)
    {
        await using var disk = await SmallDisk.MountAsync(_folder, DiskBytes);
        if (!isNew)
        {
            await using (await ServerProcess.StartOnAsync(disk, _folder))
            {
                // It has made the database.
            }

            // As after a stop that was not a kill: the log is gone, and a new one finds no room.
            await SqliteFile.ExecuteAsync(disk.OutsidePath, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        await disk.FillAsync();
        await CannotStartAsync(disk, "The database cannot be opened: The disk is full");
        File.Delete(Path.Combine(disk.OutsidePath, "ballast"));
        await using (await ServerProcess.StartOnAsync(disk, _folder))
        {
            // There is room again.
        }
    }

    [TestMethod]
    [DataRow(true, DisplayName = "an empty folder")]
    [DataRow(false, DisplayName = "an older database")]
    public async Task Start_OnAReadOnlyFolder_StopsWithOneLine(bool isNew)
    {
        await using var disk = await SmallDisk.MountAsync(_folder, DiskBytes);
        if (!isNew)
        {
            await using var server = await ServerProcess.StartOnAsync(disk, _folder);
        }

        await disk.MakeReadOnlyAsync();
        await CannotStartAsync(disk, "Read-only file system");
    }

    private async Task CannotStartAsync(SmallDisk disk, string reason)
    {
        var (exitCode, output) = await ServerProcess.RunOnAsync(disk, _folder);
        Assert.AreEqual(1, exitCode, output);
        var line = output.Trim().Split('\n')[^1];
        Assert.StartsWith("SampleIm cannot start. ", line);
        Assert.Contains(reason, line);
        Assert.DoesNotContain("   at ", output);
    }

    private static async Task RegisterAsync(HttpClient client) => (await client.PostAsJsonAsync(
        "/api/account/register", new { username = "sender", password = ApiUser.FirstPassword })).EnsureSuccessStatusCode();

    private static async Task SignInAsync(HttpClient client) => (await client.PostAsJsonAsync(
        "/api/account/login", new { username = "sender", password = ApiUser.FirstPassword })).EnsureSuccessStatusCode();

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient client, int bytes)
    {
        var part = new ByteArrayContent([.. Pictures.Png(3, 2), .. new byte[bytes]]);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await client.PostAsync("/api/images", new MultipartFormDataContent { { part, "file", "picture.png" } });
    }

    private static async Task RefusesAsync(HttpResponseMessage answer, int status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(
            (status, code), ((int)answer.StatusCode, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()), body);
        Assert.IsNotNull(answer.Headers.RetryAfter);
    }

    private async Task SendAsync(HttpClient client, string text, HttpStatusCode expected)
    {
        var answer = await client.PostAsJsonAsync(Messages, new { text, clientId = text });
        Assert.AreEqual(expected, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        _acknowledged.Add(text, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seq").GetInt64());
    }

    /// <summary>Answers the text that was refused.</summary>
    private async Task<string> SendUntilRefusedAsync(HttpClient client, string name)
    {
        for (var number = 0; number < MostSends; number++)
        {
            var text = $"{name}, number {number}";
            var answer = await client.PostAsJsonAsync(Messages, new { text, clientId = text });
            if (answer.StatusCode is not HttpStatusCode.Created)
            {
                await RefusesAsync(answer, 507, "storage.full");
                return text;
            }

            _acknowledged.Add(text, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seq").GetInt64());
        }

        throw new InvalidOperationException("The disk did not fill up.");
    }

    private static async Task StillAnswersAsync(HttpClient client)
    {
        foreach (var path in new[] { "/api/total", $"{Messages}/history", "/api/users?query=s", "/health/ready" })
        {
            Assert.AreEqual(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode, path);
        }
    }

    private async Task ReadsWhatWasAcknowledgedAsync(HttpClient client)
    {
        var kept = await Crowd.ReadAllAsync(client);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, kept.Count).Select(seq => (long)seq).ToList(), kept.ConvertAll(message => message.Seq));
        CollectionAssert.AreEquivalent(
            _acknowledged.ToList(), kept.Select(message => KeyValuePair.Create(message.Text!, message.Seq)).ToList());
    }
}
