using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.OpenApi;

/// <summary>The OpenAPI document as the server gives it.</summary>
public sealed class Description(JsonElement document)
{
    public IReadOnlyList<(string Method, string Path, JsonElement Operation)> Calls { get; } = document.GetProperty("paths")
        .EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(call => (call.Name.ToUpperInvariant(), path.Name, call.Value)))
        .ToList();

    public IReadOnlyList<JsonProperty> Schemas { get; } = document.GetProperty("components").GetProperty("schemas")
        .EnumerateObject().ToList();

    public JsonElement SecuritySchemes { get; } = document.GetProperty("components").GetProperty("securitySchemes");

    public static async Task<Description> ReadAsync(SampleImApp app) =>
        new((await app.Anonymous().GetAsync("/swagger/v1/swagger.json")).Element);

    public JsonElement Operation(string method, string path) =>
        Calls.Single(call => call.Method == method && call.Path == path).Operation;

    public static IReadOnlyList<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    public static IReadOnlyDictionary<string, JsonElement> Answers(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().ToDictionary(answer => answer.Name, answer => answer.Value);

    /// <summary>The names of an answer's headers, in order.</summary>
    public static IReadOnlyList<string> HeadersOf(JsonElement answer) =>
        answer.TryGetProperty("headers", out var headers)
            ? [.. headers.EnumerateObject().Select(header => header.Name).Order(StringComparer.Ordinal)]
            : [];
}
