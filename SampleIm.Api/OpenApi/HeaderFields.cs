using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SampleIm.Api.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.OpenApi;

/// <summary>Describes the headers that calls read and those of their answers.</summary>
public sealed class HeaderFields : IOperationFilter
{
    private static readonly Header s_location = new("Location", "The path of what was made.", JsonSchemaType.String);
    private static readonly Header s_contentLocation = new("Content-Location", "The path of what was made before.",
        JsonSchemaType.String);
    private static readonly Header s_retryAfter = new("Retry-After", "Seconds after which to try again.", JsonSchemaType.Integer, 2);
    private static readonly Header s_requestId = new(ApiProblem.RequestIdHeader, "What the server's log calls this request.", JsonSchemaType.String, "0HNH3PQ1L9G2T:00000001");
    private static readonly Header s_contentRange = new("Content-Range", "Which bytes these are, and of how many.", JsonSchemaType.String, "bytes 0-1023/48213");

    private static readonly Header s_wholeRange = new(
        "Content-Range", "How many bytes the picture has.", JsonSchemaType.String, "bytes */48213");

    private static readonly Header[] s_ofPoll =
    [
        new("ETag", "Digest of the content: where it is equal, so is the tag.", JsonSchemaType.String, "\"0123456789abcdef0123456789abcdef\""),
        new("Cache-Control", "The caller alone may keep it, and asks each time.", JsonSchemaType.String, "private, no-cache"),
        new("X-Poll-Interval", "Seconds after which to ask again; decimals allowed.", JsonSchemaType.Number, 1),
    ];

    private static readonly Header[] s_ofPicture =
    [
        new("ETag", "The id of the picture, in quotes.", JsonSchemaType.String, "\"q0xT5bE2R7mJc1uVw9aZkA\""),
        new("Cache-Control", "The caller alone may keep it, for good.", JsonSchemaType.String, "private, max-age=31536000, immutable"),
    ];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        Answer(operation, ["201"], s_location);
        Answer(operation, ["429", "503"], s_retryAfter);
        Answer(operation, [.. operation.Responses!.Where(answer => answer.Value.Content?.ContainsKey(ApiProblem.ContentType) == true).Select(answer => answer.Key)], s_requestId);
        if (metadata.OfType<RepeatableAttribute>().Any())
        {
            Answer(operation, ["200"], s_contentLocation);
        }

        if (metadata.OfType<PolledAttribute>().Any())
        {
            Read(operation, "If-None-Match", "The last ETag: as long as nothing has changed, the answer is 304.");
            Answer(operation, ["200", "304"], s_ofPoll);
        }

        if (metadata.OfType<ProducesFileAttribute>().Any())
        {
            Read(operation, "If-None-Match", "The ETag of a copy: where it is this picture's, the answer is 304.");
            Read(operation, "Range", "Which bytes are wanted, as in `bytes=0-1023`: the answer is 206.");
            Answer(operation, ["200", "206", "304"], s_ofPicture);
            Answer(operation, ["206"], s_contentRange);
            Answer(operation, ["416"], s_wholeRange);
        }
    }

    private static void Read(OpenApiOperation operation, string name, string description) => (operation.Parameters ??= []).Add(new OpenApiParameter
    {
        // Without an example: the page to try calls out on would send it.
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    private static void Answer(OpenApiOperation operation, string[] statuses, params Header[] headers)
    {
        foreach (var answer in statuses.Select(operation.Responses!.GetValueOrDefault).OfType<OpenApiResponse>())
        {
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
            foreach (var header in headers)
            {
                answer.Headers[header.Name] = new OpenApiHeader
                {
                    Description = header.Description,
                    Schema = new OpenApiSchema { Type = header.Type },
                    Example = header.Example,
                };
            }
        }
    }

    private sealed record Header(string Name, string Description, JsonSchemaType Type, JsonNode? Example = null);
}
