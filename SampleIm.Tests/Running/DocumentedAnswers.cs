using System.Text.Json;
using System.Text.RegularExpressions;

namespace SampleIm.Tests.Running;

/// <summary>
/// Fails a test as soon as the server answers with a status or a code that the API's description does not promise for that call.
/// </summary>
public sealed class DocumentedAnswers(Uri address)
{
    private readonly Lazy<Task<List<Call>>> _calls = new(() => ReadAsync(address));

    /// <summary>What HTTP needs, what tells browsers what not to do, and the cookie that any answer may renew.</summary>
    private static readonly HashSet<string> s_commonHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Allow", "Alt-Svc", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Expires", "Keep-Alive",
        "Pragma",
        "Server", "Set-Cookie", "Transfer-Encoding", "Vary",
        "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
        "Permissions-Policy", "Referrer-Policy", "Strict-Transport-Security", "X-Content-Type-Options",
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers",
    };

    public Task CheckAsync(HttpRequestMessage request, int status, string? code) =>
        CheckAsync(request.Method.Method, request.RequestUri!.AbsolutePath, status, code);

    /// <summary>The same, and every header of the answer is described.</summary>
    public async Task CheckAsync(HttpResponseMessage answer, string? code)
    {
        var (method, path) = (answer.RequestMessage!.Method.Method, answer.RequestMessage.RequestUri!.AbsolutePath);
        await CheckAsync(method, path, (int)answer.StatusCode, code);
        if (!IsOfACall(method, path, code))
        {
            return;
        }

        if ((await _calls.Value).Find(call => call.Method == method && call.Path.IsMatch(path)) is { } call
            && call.Headers.TryGetValue((int)answer.StatusCode, out var described))
        {
            var sent = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated).Select(header => header.Key);
            var others = sent.Except(described.Concat(s_commonHeaders), StringComparer.OrdinalIgnoreCase);
            Assert.AreEqual("", string.Join(' ', others), $"{call.Id} {answer.StatusCode} has headers that are not described.");
        }
    }

    public async Task CheckAsync(string method, string path, int status, string? code)
    {
        if (!IsOfACall(method, path, code))
        {
            return;
        }

        var calls = await _calls.Value;
        var known = calls.Find(call => call.Method == (method == "HEAD" ? "GET" : method) && call.Path.IsMatch(path));
        Assert.IsTrue(known is not null || status == 401, $"{method} {path} is not described.");
        if (known is not null)
        {
            Assert.IsTrue(
                known.Codes.TryGetValue(status, out var codes), $"{known.Id} answered {status}, which is not described.");
            Assert.IsTrue(code is null || codes.Contains(code), $"{known.Id} answered {status} {code}, which is not described.");
        }
    }

    /// <summary>What no call decides is in no call's description.</summary>
    private static bool IsOfACall(string method, string path, string? code) =>
        method != "OPTIONS" && code is not ("request.unknownPath" or "request.methodNotAllowed" or "request.hostUnknown")
        && Regex.IsMatch(path, "^/(api/|media/|health/|metrics$)");

    private static async Task<List<Call>> ReadAsync(Uri address)
    {
        using var client = new HttpClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync(new Uri(address, "/swagger/v1/swagger.json")));
        return document.RootElement.GetProperty("paths").EnumerateObject()
            // Literal paths before those with parameters: history is no message number.
            .OrderBy(path => path.Name.Count(letter => letter == '{'))
            .SelectMany(path => path.Value.EnumerateObject().Select(call => new Call(
                call.Value.GetProperty("operationId").GetString()!,
                call.Name.ToUpperInvariant(),
                new Regex("^" + Regex.Replace(path.Name, @"\{[^}]+\}", "[^/]+") + "$"),
                ByStatus(call.Value, ReadCodes),
                ByStatus(call.Value, answer => Hosting.OpenApi.Description.HeadersOf(answer.Value)))))
            .ToList();
    }

    private static Dictionary<int, T> ByStatus<T>(JsonElement call, Func<JsonProperty, T> read) =>
        call.GetProperty("responses").EnumerateObject().ToDictionary(answer => int.Parse(answer.Name, null), read);

    private static HashSet<string> ReadCodes(JsonProperty answer) =>
        answer.Value.TryGetProperty("content", out var content)
            && content.TryGetProperty("application/problem+json", out var problem)
            ? problem.GetProperty("examples").EnumerateObject().Select(example => example.Name).ToHashSet()
            : [];

    private sealed record Call(
        string Id,
        string Method,
        Regex Path,
        Dictionary<int, HashSet<string>> Codes,
        Dictionary<int, IReadOnlyList<string>> Headers);
}
