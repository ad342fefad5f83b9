using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>What concerns no single call: what the groups of calls are for, and the headers that many answers share.</summary>
public sealed class DocumentDetails : IDocumentFilter
{
    private static readonly Dictionary<string, string> s_tags = new()
    {
        ["Account"] = "Registering, signing in and out, and the caller's own profile.",
        ["Conversations"] = "Rooms and direct conversations as the caller sees them, and how far the caller has read.",
        ["Health"] = "What a supervisor, a load balancer or a monitoring program asks.",
        ["Images"] = "Images: uploaded first, then sent as a message.",
        ["Limits"] = "How much this server takes of what is sent.",
        ["Messages"] = "Sending, reading, editing and recalling messages.",
        ["Total"] = "The poll that says what has changed.",
        ["Users"] = "Other people's public profiles.",
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var tag in swaggerDoc.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = s_tags.GetValueOrDefault(tag.Name!);
        }

        (swaggerDoc.Components ??= new OpenApiComponents()).Headers = HeaderFields.Shared();
    }
}
