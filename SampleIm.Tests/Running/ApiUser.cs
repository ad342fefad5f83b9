using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Chat.Total;

namespace SampleIm.Tests.Running;

/// <summary>An answer of the server, read whole.</summary>
public sealed record Answer(int Status, string Body, HttpResponseMessage Response)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The machine-readable code of an error.</summary>
    public string? Code => IsProblem && Body.Length > 0 ? Element.GetProperty("code").GetString() : null;

    /// <summary>What the answer sets of a cookie, attributes included.</summary>
    public string CookieNamed(string name) =>
        Response.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal));

    public bool IsProblem => Response.Content.Headers.ContentType?.MediaType == "application/problem+json";

    public JsonElement Element => JsonDocument.Parse(Body).RootElement;

    public T As<T>() => JsonSerializer.Deserialize<T>(Body, Json)!;

    public void ShouldBe(int status, string? code = null)
    {
        Assert.AreEqual(status, Status, Body);
        Assert.AreEqual(code, Code, Body);
        if (status >= 400)
        {
            Assert.AreEqual(status, Element.GetProperty("status").GetInt32());
            Assert.AreNotEqual("", Element.GetProperty("title").GetString());
            Assert.AreNotEqual("", Element.GetProperty("detail").GetString());
        }
    }
}

/// <summary>Somebody with a browser's cookie jar, or with a bearer token.</summary>
public sealed class ApiUser(SampleImApp app, string username)
{
    public const string FirstPassword = "correct horse battery";

    public CookieContainer Cookies { get; } = new();

    private HttpClient? _client;

    public string Username { get; } = username;

    public string? BearerToken { get; set; }

    private HttpClient Client =>
        _client ??= new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false })
        {
            BaseAddress = app.Address,
        };

    public Task<Answer> GetAsync(string path, string? ifNoneMatch = null) => AskAsync(HttpMethod.Get, path, null, request =>
    {
        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }
    });

    public Task<Answer> PostAsync(string path, object? body = null) => AskAsync(HttpMethod.Post, path, ToJson(body));

    public Task<Answer> PatchAsync(string path, object body) => AskAsync(HttpMethod.Patch, path, ToJson(body));

    public Task<Answer> PutAsync(string path, object body) => AskAsync(HttpMethod.Put, path, ToJson(body));

    public Task<Answer> DeleteAsync(string path) => AskAsync(HttpMethod.Delete, path, null);

    /// <summary>A body as it is, for what no serialiser writes.</summary>
    public Task<Answer> PostRawAsync(string path, byte[] body, string contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return AskAsync(HttpMethod.Post, path, content);
    }

    public Task<Answer> PostRawAsync(string path, string body) => PostRawAsync(path, Encoding.UTF8.GetBytes(body));

    public async Task<Answer> AskAsync(
        HttpMethod method, string path, HttpContent? content, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        prepare?.Invoke(request);
        if (BearerToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BearerToken);
        }

        var response = await Client.SendAsync(request);
        var answer = new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response);
        await app.Documented.CheckAsync(response, answer.Code);
        return answer;
    }

    /// <summary>Posts and breaks the connection off, whether or not the answer has come.</summary>
    public async Task HangUpAsync(int patienceMs, string path, object body)
    {
        using var patience = new CancellationTokenSource(patienceMs);
        await HangUpAsync(path, body, patience.Token);
    }

    /// <summary>The same at a moment of the test's choosing.</summary>
    public async Task HangUpAsync(string path, object body, CancellationToken hangUp)
    {
        try
        {
            using var answer = await Client.PostAsync(path, ToJson(body), hangUp);
        }
        catch (OperationCanceledException)
        {
            // So it was meant.
        }
    }

    public async Task<TotalResponse> TotalAsync() => Expect(200, await GetAsync("/api/total")).As<TotalResponse>();

    public async Task<ConversationResponse> ConversationAsync(string id) =>
        Expect(200, await GetAsync($"/api/conversations/{id}")).As<ConversationResponse>();

    /// <summary>Sends a text that is not refused.</summary>
    public async Task<MessageResponse> SendAsync(string conversation, string text, string? clientId = null) =>
        Expect(201, await PostAsync($"/api/conversations/{conversation}/messages", new { text, clientId })).As<MessageResponse>();

    public async Task<NewMessagesResponse> NewAsync(string conversation, long after = 0, int limit = 500) =>
        Expect(200, await GetAsync($"/api/conversations/{conversation}/messages/new?after={after}&limit={limit}"))
            .As<NewMessagesResponse>();

    public async Task<HistoryResponse> HistoryAsync(string conversation, string query = "") =>
        Expect(200, await GetAsync($"/api/conversations/{conversation}/messages/history{query}")).As<HistoryResponse>();

    public Task<Answer> UploadAsync(
        byte[] file, string field = "file", string name = "picture.png", string contentType = "image/png")
    {
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return AskAsync(HttpMethod.Post, "/api/images", new MultipartFormDataContent { { part, field, name } });
    }

    /// <summary>Uploads a picture that is not refused.</summary>
    public async Task<ImageResponse> UploadPictureAsync() =>
        Expect(201, await UploadAsync(Pictures.Png(3, 2))).As<ImageResponse>();

    /// <summary>Another browser in which the same person has signed in.</summary>
    public async Task<ApiUser> SignInElsewhereAsync(string password = FirstPassword)
    {
        var other = new ApiUser(app, Username);
        Expect(200, await other.PostAsync("/api/account/login", new { Username, password }));
        return other;
    }

    /// <summary>A program in which the same person has signed in by token.</summary>
    public async Task<(ApiUser User, string RefreshToken)> SignInByTokenAsync(string password = FirstPassword)
    {
        var other = new ApiUser(app, Username);
        var tokens = Expect(200, await other.PostAsync("/api/account/token", new { Username, password })).Element;
        other.BearerToken = tokens.GetProperty("accessToken").GetString();
        return (other, tokens.GetProperty("refreshToken").GetString()!);
    }

    private static Answer Expect(int status, Answer answer)
    {
        Assert.AreEqual(status, answer.Status, answer.Body);
        return answer;
    }

    private static JsonContent? ToJson(object? body) => body is null ? null : JsonContent.Create(body, options: Answer.Json);
}
