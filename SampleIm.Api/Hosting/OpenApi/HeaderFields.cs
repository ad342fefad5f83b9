using System.Text.Json.Nodes;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>
/// Describes the headers that calls read and those of their answers, except what HTTP itself needs and what only tells browsers
/// what not to do with an answer.
/// </summary>
public sealed class HeaderFields : IOperationFilter
{
    private static readonly Header s_requestId = new(
        RequestLog.IdHeader, "What the server's log calls this request; not on a poll's 304.", JsonSchemaType.String,
        "0HNH3PQ1L9G2T:00000001");

    private static readonly Header s_noStore = new(
        "Cache-Control", "The answer is somebody's own: nothing keeps it.", JsonSchemaType.String, "no-store");

    private static readonly Header s_contentLocation = new(
        "Content-Location", "The path of what was made before.", JsonSchemaType.String, "/api/conversations/lobby/messages/1");

    private static readonly Header s_retryAfter = new(
        "Retry-After", "Seconds after which to try again.", JsonSchemaType.Integer, 2);

    private static readonly Header s_challenge = new(
        "WWW-Authenticate", "How a program signs in; `error=\"invalid_token\"` where its token is not valid.",
        JsonSchemaType.String,
        "Bearer realm=\"SampleIm\"");

    private static readonly Header s_policy = new(
        "RateLimit-Policy", "How often this may be called: `q` at once, and as many again, one by one, in `w` seconds.",
        JsonSchemaType.String, "\"send\";q=600;w=60");

    private static readonly Header s_left = new(
        "RateLimit", "How many calls are left at once (`r`), and in how many seconds there are all again (`t`).",
        JsonSchemaType.String, "\"send\";r=599;t=1");

    private static readonly Header s_acceptJson = new(
        "Accept", "The media type that the body has to have.", JsonSchemaType.String, "application/json");

    private static readonly Header s_acceptForm = s_acceptJson with { Example = "multipart/form-data" };

    private static readonly Header s_location = new(
        "Location", "The path of what was made.", JsonSchemaType.String, "/api/account");

    private static readonly Header s_acceptPatch = new(
        "Accept-Patch", "The media type that a PATCH has to have: `application/merge-patch+json` is not taken.",
        JsonSchemaType.String, "application/json");

    private static readonly Header s_cookie = new(
        "Set-Cookie",
        "The cookies of this sign-in: the session's, and `SampleIm.Device` of the device; at sign-out, the session's end.",
        JsonSchemaType.String,
        "SampleIm=CfDJ8…; path=/; samesite=lax; httponly");

    private static readonly Header s_contentRange = new(
        "Content-Range", "Which bytes these are, and of how many.", JsonSchemaType.String, "bytes 0-1023/48213");

    private static readonly Header s_wholeRange = new(
        "Content-Range", "How many bytes the image has.", JsonSchemaType.String, "bytes */48213");

    private static readonly Header[] s_ofPoll =
    [
        new(
            "ETag", "Digest of the content: where it is equal, so is the tag.", JsonSchemaType.String,
            "\"0123456789abcdef0123456789abcdef\""),
        new("Cache-Control", "The caller alone may keep it, and asks each time.", JsonSchemaType.String, "private, no-cache"),
        new("X-Poll-Interval", "Seconds after which to ask again; decimals allowed.", JsonSchemaType.Number, 1),
    ];

    private static readonly Header s_immutable = new(
        "Cache-Control", "The caller alone may keep it, for good.", JsonSchemaType.String,
        "private, max-age=31536000, immutable");

    private static readonly Header[] s_ofPicture =
    [
        new("ETag", "The id of the image, in quotes.", JsonSchemaType.String, "\"q0xT5bE2R7mJc1uVw9aZkA\""),
        new("Last-Modified", "When it was uploaded.", JsonSchemaType.String, "Fri, 20 Nov 2026 03:46:00 GMT"),
    ];

    private static readonly Header s_acceptRanges = new(
        "Accept-Ranges", "Parts can be asked for.", JsonSchemaType.String, "bytes");

    /// <summary>Those of many answers, which these refer to.</summary>
    private static readonly Header[] s_shared = [s_requestId, s_noStore, s_retryAfter, s_challenge, s_policy, s_left];

    public static Dictionary<string, IOpenApiHeader> Shared() =>
        s_shared.ToDictionary(header => header.Name, IOpenApiHeader (header) => header.Describe());

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        AddOfStatus(operation, context.Document);
        var accepted = metadata.OfType<UploadsFileAttribute>().Any() ? s_acceptForm : s_acceptJson;
        Add(operation, context.Document, status => status is "415", accepted);
        if (context.ApiDescription.HttpMethod is "PATCH")
        {
            Add(operation, context.Document, status => status is "415", s_acceptPatch);
        }

        if (metadata.OfType<EnableRateLimitingAttribute>().Any())
        {
            Add(operation, context.Document, _ => true, s_policy, s_left);
        }

        if (metadata.OfType<RepeatableAttribute>().Any())
        {
            Add(operation, context.Document, status => status is "200", s_contentLocation);
        }

        if (metadata.OfType<PolledAttribute>().Any())
        {
            Read(operation, "If-None-Match", "The last ETag: as long as nothing has changed, the answer is 304.");
            Add(operation, context.Document, status => status is "200" or "304", s_ofPoll);
        }

        if (metadata.OfType<ProducesFileAttribute>().Any())
        {
            Read(operation, "If-None-Match", "The ETag of a copy: where it is this image's, the answer is 304.");
            Read(operation, "Range", "Which bytes are wanted, as in `bytes=0-1023`: the answer is 206.");
            Add(operation, context.Document, status => status is "200" or "206" or "304", s_immutable);
            Add(operation, context.Document, status => status is "200" or "206" or "304" or "412" or "416", s_ofPicture);
            Add(operation, context.Document, status => status is "200" or "206" or "416", s_acceptRanges);
            Add(operation, context.Document, status => status is "206", s_contentRange);
            Add(operation, context.Document, status => status is "416", s_wholeRange);
        }
    }

    private static void AddOfStatus(OpenApiOperation operation, OpenApiDocument document)
    {
        Add(operation, document, _ => true, s_requestId, s_noStore);
        Add(operation, document, status => status is "201", s_location);
        Add(operation, document, status => status is "401", s_challenge);
        Add(operation, document, status => status is "429" or "503" or "507", s_retryAfter);
        if (operation.OperationId is "Register" or "Login" or "Logout" or "ChangePassword")
        {
            Add(operation, document, status => status[0] is '2', s_cookie);
        }
    }

    private static void Read(OpenApiOperation operation, string name, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            // Without an example: the page to try calls out on would send it.
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });

    private static void Add(
        OpenApiOperation operation, OpenApiDocument document, Func<string, bool> isMeant, params Header[] headers)
    {
        foreach (var (_, answer) in operation.Responses!.Where(answer => isMeant(answer.Key)))
        {
            var described = ((OpenApiResponse)answer).Headers ??= new Dictionary<string, IOpenApiHeader>();
            foreach (var header in headers)
            {
                described[header.Name] = s_shared.Contains(header)
                    ? new OpenApiHeaderReference(header.Name, document)
                    : header.Describe();
            }
        }
    }

    private sealed record Header(string Name, string Description, JsonSchemaType Type, JsonNode? Example = null)
    {
        public OpenApiHeader Describe() => new OpenApiHeader
        {
            Description = Description,
            Schema = new OpenApiSchema { Type = Type },
            // A node has one place in a document.
            Example = Example?.DeepClone(),
        };
    }
}
