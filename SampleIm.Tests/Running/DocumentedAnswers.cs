using System.Text.Json;
using System.Text.RegularExpressions;

namespace SampleIm.Tests.Running;

/// <summary>Fails a test as soon as the server answers with a status or a code that the API's description does not promise for that call.</summary>
public sealed class DocumentedAnswers(Uri address)
{
    private readonly Lazy<Task<List<Call>>> _calls = new(() => ReadAsync(address));

    public Task CheckAsync(HttpRequestMessage request, int status, string? code) =>
        CheckAsync(request.Method.Method, request.RequestUri!.AbsolutePath, status, code);

    public async Task CheckAsync(string method, string path, int status, string? code)
    {
        // What no call decides is in no call's description.
        if (method == "OPTIONS" || code is "request.unknownPath" or "request.methodNotAllowed" or "request.hostUnknown"
            || !Regex.IsMatch(path, "^/(api/|media/|health/|metrics$)"))
        {
            return;
        }

        var calls = await _calls.Value;
        var known = calls.Find(call => call.Method == (method == "HEAD" ? "GET" : method) && call.Path.IsMatch(path));
        Assert.IsTrue(known is not null || status == 401, $"{method} {path} is not described.");
        if (known is not null)
        {
            Assert.IsTrue(known.Codes.TryGetValue(status, out var codes), $"{known.Id} answered {status}, which is not described.");
            Assert.IsTrue(code is null || codes.Contains(code), $"{known.Id} answered {status} {code}, which is not described.");
        }
    }

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
                call.Value.GetProperty("responses").EnumerateObject().ToDictionary(answer => int.Parse(answer.Name, null), ReadCodes))))
            .ToList();
    }

    private static HashSet<string> ReadCodes(JsonProperty answer) =>
        answer.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out var problem)
            ? problem.GetProperty("examples").EnumerateObject().Select(example => example.Name).ToHashSet()
            : [];

    private sealed record Call(string Id, string Method, Regex Path, Dictionary<int, HashSet<string>> Codes);
}
