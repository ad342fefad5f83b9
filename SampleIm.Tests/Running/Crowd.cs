using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace SampleIm.Tests.Running;

/// <summary>A message as a reader finds it.</summary>
public sealed record ReadMessage(long Seq, string? Text, string? PictureUrl, bool IsRecalled);

/// <summary>
/// People who write in the lobby, show pictures and recall some of them, all at once, until they are told to stop.
/// </summary>
public sealed class Crowd : IDisposable
{
    private const string Messages = "/api/conversations/lobby/messages";

    private readonly Uri _address;
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentDictionary<string, byte[]> _pictures = new();
    private readonly ConcurrentDictionary<long, string> _acknowledged = new();
    private readonly ConcurrentDictionary<long, bool> _recalls = new();
    private readonly List<HttpClient> _people = [];
    private List<Task> _talks = [];

    private Crowd(Uri address) => _address = address;

    /// <summary>What was acknowledged until now: the text of each message by its seq.</summary>
    public IReadOnlyDictionary<long, string> Acknowledged => new Dictionary<long, string>(_acknowledged);

    public int Recalls => _recalls.Count;

    /// <summary>Somebody who signed in before it all began.</summary>
    public HttpClient Anyone => _people[0];

    public static async Task<Crowd> StartAsync(Uri address, int people)
    {
        var crowd = new Crowd(address);
        for (var number = 0; number < people; number++)
        {
            var person = new HttpClient();
            crowd._people.Add(person);
            (
                await person.PostAsJsonAsync(
                    new Uri(address, "/api/account/register"),
                    new { username = $"person{number}", password = ApiUser.FirstPassword })).EnsureSuccessStatusCode();
        }

        crowd._talks = [.. crowd._people.Select((person, number) => crowd.TalkAsync(person, $"person{number}"))];
        return crowd;
    }

    /// <summary>Waits until so many more messages are acknowledged.</summary>
    public async Task UntilMoreAsync(int count)
    {
        var enough = _acknowledged.Count + count;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_acknowledged.Count < enough)
        {
            if (_talks.Find(talk => talk.IsCompleted) is { } broken)
            {
                await broken;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_talks);
    }

    /// <summary>
    /// On a server with a part of these messages: no gap, nothing missing of what was acknowledged before, each text as it
    /// was sent unless its sender recalled it, each picture byte by byte, and people are still signed in.
    /// </summary>
    /// <param name="address">The server.</param>
    /// <param name="acknowledgedBefore">What must be there.</param>
    /// <param name="mayLackRecalled">Whether a picture that was recalled later may be missing.</param>
    /// <returns>How many messages and pictures are there.</returns>
    public async Task<(int Messages, int Pictures)> AuditAsync(
        Uri address, IReadOnlyDictionary<long, string> acknowledgedBefore, bool mayLackRecalled = false)
    {
        Assert.AreEqual(
            HttpStatusCode.OK, (await Anyone.GetAsync(new Uri(address, "/api/account"))).StatusCode,
            "The cookie is from before.");
        var kept = await ReadAllAsync(Anyone, address);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, kept.Count).Select(seq => (long)seq).ToList(), kept.ConvertAll(message => message.Seq));
        foreach (var (seq, text) in acknowledgedBefore)
        {
            Assert.IsLessThanOrEqualTo(kept.Count, seq, $"Acknowledged, and lost: {text}");
        }

        foreach (var message in kept)
        {
            Assert.IsTrue(!message.IsRecalled || _recalls.ContainsKey(message.Seq), $"Nobody recalled {message.Seq}.");
            Assert.AreEqual(
                message.IsRecalled ? null : _acknowledged.GetValueOrDefault(message.Seq, message.Text!), message.Text);
        }

        var pictures = kept.Where(message => message.PictureUrl is not null).ToList();
        foreach (var message in pictures)
        {
            var answer = await Anyone.GetAsync(new Uri(address, message.PictureUrl));
            if (mayLackRecalled && answer.StatusCode is HttpStatusCode.NotFound && _recalls.ContainsKey(message.Seq))
            {
                continue;
            }

            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, $"The picture of {message.Seq}.");
            CollectionAssert.AreEqual(_pictures[message.PictureUrl!], await answer.Content.ReadAsByteArrayAsync());
        }

        return (kept.Count, pictures.Count);
    }

    public static Task<List<ReadMessage>> ReadAllAsync(HttpClient client) => ReadAllAsync(client, client.BaseAddress!);

    public void Dispose()
    {
        _people.ForEach(person => person.Dispose());
        _enough.Dispose();
    }

    private static async Task<List<ReadMessage>> ReadAllAsync(HttpClient client, Uri address)
    {
        var (all, version, hasMore) = (new List<ReadMessage>(), 0L, true);
        while (hasMore)
        {
            var page = await client.GetFromJsonAsync<JsonElement>(new Uri(address, $"{Messages}/new?after={version}&limit=500"));
            all.AddRange(page.GetProperty("messages").EnumerateArray().Select(message => new ReadMessage(
                message.GetProperty("seq").GetInt64(),
                message.GetProperty("text").GetString(),
                message.GetProperty("image") is { ValueKind: JsonValueKind.Object } image
                    ? image.GetProperty("url").GetString()
                    : null,
                message.GetProperty("recalledAt").ValueKind is not JsonValueKind.Null)));
            (version, hasMore) = (page.GetProperty("version").GetInt64(), page.GetProperty("hasMore").GetBoolean());
        }

        return [.. all.OrderBy(message => message.Seq)];
    }

    private async Task TalkAsync(HttpClient person, string name)
    {
        for (var number = 0; !_enough.IsCancellationRequested; number++)
        {
            await SendAsync(person, new { text = $"{name} says {number}", clientId = $"{number}" }, $"{name} says {number}");
            var caption = $"{name} shows {number}";
            var seq = await SendAsync(
                person, new { text = caption, clientId = $"p{number}", imageId = await UploadAsync(person) }, caption);
            if (number % 2 == 0)
            {
                // Noted first: from now on it may be gone.
                _recalls[seq] = true;
                (await person.DeleteAsync(new Uri(_address, $"{Messages}/{seq}"))).EnsureSuccessStatusCode();
            }
        }
    }

    private async Task<long> SendAsync(HttpClient person, object body, string text)
    {
        var answer = await person.PostAsJsonAsync(new Uri(_address, Messages), body);
        Assert.AreEqual(HttpStatusCode.Created, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        var seq = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seq").GetInt64();
        _acknowledged[seq] = text;
        return seq;
    }

    private async Task<string> UploadAsync(HttpClient person)
    {
        byte[] picture = [.. Pictures.Png(3, 2), .. RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(100, 40_000))];
        var part = new ByteArrayContent(picture);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        var answer = await person.PostAsync(
            new Uri(_address, "/api/images"), new MultipartFormDataContent { { part, "file", "picture.png" } });
        Assert.AreEqual(HttpStatusCode.Created, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        var image = await answer.Content.ReadFromJsonAsync<JsonElement>();
        _pictures[image.GetProperty("url").GetString()!] = picture;
        return image.GetProperty("id").GetString()!;
    }
}
