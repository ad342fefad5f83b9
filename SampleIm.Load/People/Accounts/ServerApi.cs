using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SampleIm.Load.Chat.Auditing;

namespace SampleIm.Load.People.Accounts;

/// <summary>How far a conversation is.</summary>
/// <param name="LastSeq">The number of its last message.</param>
/// <param name="Version">How often it has changed.</param>
public readonly record struct ConversationMark(long LastSeq, long Version);

/// <summary>What <c>new</c> answers.</summary>
/// <param name="Messages">In the order of versions.</param>
/// <param name="Version">The cursor for the next page.</param>
/// <param name="HasMore">Whether there is one.</param>
/// <param name="Length">Bytes of the answer's body.</param>
public sealed record NewPage(IReadOnlyList<SeenMessage> Messages, long Version, bool HasMore, long Length);

/// <summary>What of the server's API need not be cheap to call: accounts, and reading messages back.</summary>
public sealed class ServerApi(Uri server) : IDisposable
{
    private const int LargestPage = 500;
    private const int PatienceS = 30;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromSeconds(PatienceS),
    };

    /// <summary>Registers a user and signs in. Null where somebody has that name.</summary>
    /// <exception cref="LoadException">The server does not answer, or refuses.</exception>
    public Task<LoadAccount?> RegisterAsync(string username, string password, CancellationToken cancel) =>
        SignInAsync("/api/account/register", username, password, cancel);

    /// <summary>Signs in. Null where that is not the password.</summary>
    /// <exception cref="LoadException">The server does not answer, or refuses.</exception>
    public Task<LoadAccount?> LogInAsync(string username, string password, CancellationToken cancel) =>
        SignInAsync("/api/account/login", username, password, cancel);

    /// <summary>Whether the cookie is still one of that user.</summary>
    public async Task<bool> IsSignedInAsync(LoadAccount account, CancellationToken cancel)
    {
        using var answer = await AskAsync(HttpMethod.Get, "/api/account", account, null, cancel);
        return answer.StatusCode == HttpStatusCode.OK
            && (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("username")
                .GetString() == account.Username;
    }

    /// <summary>How far a conversation is now.</summary>
    public async Task<ConversationMark> MarkAsync(LoadAccount reader, string conversation, CancellationToken cancel)
    {
        var found = await GetAsync(reader, $"/api/conversations/{conversation}", cancel);
        return new ConversationMark(found.GetProperty("lastSeq").GetInt64(), found.GetProperty("version").GetInt64());
    }

    /// <summary>Every message that changed after a version, page by page, in the order in which a reader gets them.</summary>
    public async IAsyncEnumerable<SeenMessage> ReadSinceAsync(
        LoadAccount reader, string conversation, long version, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var hasMore = true; hasMore;)
        {
            var page = await ReadPageAsync(reader, conversation, version, cancel);
            foreach (var message in page.Messages)
            {
                yield return message;
            }

            (version, hasMore) = (page.Version, page.HasMore);
        }
    }

    /// <summary>What changed after a version: one page of it.</summary>
    public async Task<NewPage> ReadPageAsync(LoadAccount reader, string conversation, long version, CancellationToken cancel)
    {
        var (page, length) = await GetWholeAsync(
            reader, $"/api/conversations/{conversation}/messages/new?after={version}&limit={LargestPage}", cancel);
        return new NewPage(
            [.. page.GetProperty("messages").EnumerateArray().Select(message =>
                new SeenMessage(message.GetProperty("seq").GetInt64(), message.GetProperty("text").GetString()))],
            page.GetProperty("version").GetInt64(), page.GetProperty("hasMore").GetBoolean(), length);
    }

    /// <summary>The number of the message that an answer tells of.</summary>
    public static async Task<long> SeqAsync(HttpResponseMessage answer, CancellationToken cancel) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("seq").GetInt64();

    /// <exception cref="LoadException">The server does not answer, or limits requests.</exception>
    public async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, LoadAccount? account, object? body, CancellationToken cancel, string? etag = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (account is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", account.Cookie);
        }

        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        try
        {
            var answer = await _http.SendAsync(request, cancel);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
            {
                return answer;
            }

            answer.Dispose();
            throw LoadException.RateLimited();
        }
        catch (HttpRequestException fault)
        {
            throw new LoadException($"{server} does not answer: {fault.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LoadException($"{server} does not answer within {PatienceS} s.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(LoadAccount reader, string path, CancellationToken cancel) =>
        (await GetWholeAsync(reader, path, cancel)).Body;

    private async Task<(JsonElement Body, long Length)> GetWholeAsync(LoadAccount reader, string path, CancellationToken cancel)
    {
        using var answer = await AskAsync(HttpMethod.Get, path, reader, null, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusedAsync($"GET {path}", answer, cancel);
        }

        var body = await answer.Content.ReadAsByteArrayAsync(cancel);
        return (JsonSerializer.Deserialize<JsonElement>(body), body.Length);
    }

    private async Task<LoadAccount?> SignInAsync(string path, string username, string password, CancellationToken cancel)
    {
        using var answer = await AskAsync(HttpMethod.Post, path, null, new { username, password }, cancel);
        if (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Unauthorized)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode || !answer.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            throw await RefusedAsync($"POST {path} for {username}", answer, cancel);
        }

        return new LoadAccount(username, string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0])));
    }

    private static async Task<LoadException> RefusedAsync(string call, HttpResponseMessage answer, CancellationToken cancel) =>
        new($"{call}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
}
