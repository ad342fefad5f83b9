using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SampleIm.Tests.Documents;

/// <summary>Sends the requests of an .http file one after the other, with the cookies that came, as an editor does.</summary>
public sealed partial class HttpWalk(Uri server, string folder)
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() });
    private readonly Dictionary<string, (string Body, HttpResponseHeaders Headers)> _answers = [];

    /// <summary>Each request has to succeed; registering may find the account of an earlier walk.</summary>
    public async Task RunAsync(IReadOnlyList<HttpFileRequest> requests, bool isFirst)
    {
        foreach (var request in requests)
        {
            using var message = ToMessage(request);
            using var answer = await _client.SendAsync(message);
            var body = await answer.Content.ReadAsStringAsync();
            var isExpected = (int)answer.StatusCode is >= 200 and < 300 or 304
                || (!isFirst && request.Url.EndsWith("/register", StringComparison.Ordinal) && (int)answer.StatusCode == 409);
            Assert.IsTrue(isExpected, $"{request.Title}: {request.Method} {request.Url}: {(int)answer.StatusCode} {body}");
            if (request.Name is not null)
            {
                _answers[request.Name] = (body, answer.Headers);
            }
        }
    }

    private HttpRequestMessage ToMessage(HttpFileRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), Filled(request.Url));
        if (request.Body.Length > 0)
        {
            message.Content = new ByteArrayContent(ToBytes(Filled(request.Body)));
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, Filled(value)))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    /// <summary>A line <c>&lt; ./file</c> is the file. A form's lines end with CR LF.</summary>
    private byte[] ToBytes(string body)
    {
        if (!body.StartsWith("--", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(body);
        }

        return [.. body.Split('\n').SelectMany(line => (byte[])[.. ToLine(line), .. "\r\n"u8])];

        byte[] ToLine(string line) => line.StartsWith("< ", StringComparison.Ordinal)
            ? File.ReadAllBytes(Path.Combine(folder, line[2..]))
            : Encoding.UTF8.GetBytes(line);
    }

    private string Filled(string text) => Reference().Replace(text, match => match.Groups["what"].Value switch
    {
        "server" => server.ToString().TrimEnd('/'),
        "$guid" => Guid.NewGuid().ToString(),
        _ when match.Groups["header"].Success =>
            _answers[match.Groups["name"].Value].Headers.GetValues(match.Groups["header"].Value).Single(),
        _ => JsonDocument.Parse(_answers[match.Groups["name"].Value].Body).RootElement
            .GetProperty(match.Groups["field"].Value).ToString(),
    });

    [GeneratedRegex(@"\{\{(?<what>\$?\w+|(?<name>\w+)\.response\.(body\.\$\.(?<field>\w+)|headers\.(?<header>[\w-]+)))\}\}")]
    private static partial Regex Reference();
}
