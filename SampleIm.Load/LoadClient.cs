using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SampleIm.Load;

/// <summary>A message as the server tells of it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Text">Its text.</param>
public sealed record SeenMessage(long Seq, string? Text);

/// <summary>One signed-in user of the server, with connections of its own.</summary>
public sealed class LoadClient : IDisposable
{
    private const string Password = "load and nothing else";
    private const int LargestPage = 500;

    private readonly HttpClient _http;

    private LoadClient(Uri server) => _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false })
    {
        BaseAddress = server,
    };

    /// <summary>Registers a user.</summary>
    /// <exception cref="LoadException">The server is not on this machine, does not answer or refuses.</exception>
    public static async Task<LoadClient> RegisterAsync(Uri server, string username)
    {
        if (!server.IsLoopback)
        {
            throw new LoadException($"{server} is not on this machine: load goes to loopback addresses only.");
        }

        var client = new LoadClient(server);
        try
        {
            using var answer = await client._http.PostAsJsonAsync("/api/account/register", new { username, password = Password });
            return answer.IsSuccessStatusCode ? client : throw new LoadException($"Registering {username}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        catch (HttpRequestException fault)
        {
            throw new LoadException($"{server} does not answer: {fault.Message}");
        }
    }

    /// <summary>Sends a text. Answers its number, or null where the server did not acknowledge it.</summary>
    public async Task<long?> SendAsync(string conversation, string text, string clientId)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync($"/api/conversations/{conversation}/messages", new { text, clientId });
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            await using var body = await answer.Content.ReadAsStreamAsync();
            using var message = await JsonDocument.ParseAsync(body);
            return message.RootElement.GetProperty("seq").GetInt64();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The conversation's version as it is now.</summary>
    public async Task<long> VersionAsync(string conversation) =>
        (await _http.GetFromJsonAsync<JsonElement>($"/api/conversations/{conversation}")).GetProperty("version").GetInt64();

    /// <summary>Every message that changed after a version, page by page, in the order in which a reader gets them.</summary>
    public async IAsyncEnumerable<SeenMessage> ReadSinceAsync(string conversation, long version)
    {
        for (var hasMore = true; hasMore;)
        {
            var page = await _http.GetFromJsonAsync<JsonElement>($"/api/conversations/{conversation}/messages/new?after={version}&limit={LargestPage}");
            foreach (var message in page.GetProperty("messages").EnumerateArray())
            {
                yield return new SeenMessage(message.GetProperty("seq").GetInt64(), message.GetProperty("text").GetString());
            }

            (version, hasMore) = (page.GetProperty("version").GetInt64(), page.GetProperty("hasMore").GetBoolean());
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The run cannot go on, for a reason that its user can mend.</summary>
public sealed class LoadException(string message) : Exception(message);
