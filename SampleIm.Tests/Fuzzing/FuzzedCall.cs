using System.Text.Json;
using SampleIm.Tests.Hosting.OpenApi;

namespace SampleIm.Tests.Fuzzing;

/// <summary>A call as the OpenAPI document describes it.</summary>
/// <param name="Id">The operation's id.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Query">The names of its query's parameters.</param>
/// <param name="Fields">Of its JSON body, with their types; null where it has none.</param>
/// <param name="IsUpload">Whether it takes a form with a file.</param>
public sealed record FuzzedCall(
    string Id, string Method, string Path, IReadOnlyList<string> Query, IReadOnlyDictionary<string, string>? Fields,
    bool IsUpload)
{
    public static List<FuzzedCall> AllOf(Description description) => description.Calls.Select(call =>
    {
        var content = call.Operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content") : default;
        var isUpload = content.ValueKind == JsonValueKind.Object && content.TryGetProperty("multipart/form-data", out _);
        return new FuzzedCall(
            call.Operation.GetProperty("operationId").GetString()!,
            call.Method,
            call.Path,
            Description.Parameters(call.Operation).Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!).ToList(),
            content.ValueKind == JsonValueKind.Object && !isUpload
                ? FieldsOf(content.GetProperty("application/json").GetProperty("schema"), description)
                : null,
            isUpload);
    }).ToList();

    private static Dictionary<string, string> FieldsOf(JsonElement schema, Description description)
    {
        // A reference to a schema, or all of one.
        var reference = (schema.TryGetProperty("allOf", out var all) ? all[0] : schema).GetProperty("$ref")
            .GetString()!.Split('/')[^1];
        return description.Schemas.Single(other => other.Name == reference).Value.GetProperty("properties").EnumerateObject()
            .ToDictionary(field => field.Name, field => field.Value.GetProperty("type").GetString()!);
    }
}
