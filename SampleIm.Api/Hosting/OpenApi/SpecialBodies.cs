using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SampleIm.Api.Hosting.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>
/// Describes the bodies that no parameter or return type describes: a form with a file, the bytes of an image, the message to
/// try the page out with, the one status that a check of health has.
/// </summary>
public sealed class SpecialBodies : IOperationFilter
{
    /// <summary>
    /// Asks for another answer than the described one, which no generated client could read: that is CreateToken's.
    /// </summary>
    private const string AliasOfCreateToken = "token";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<UploadsFileAttribute>().FirstOrDefault() is { } upload)
        {
            operation.RequestBody = Form(upload.Field);
        }

        if (metadata.OfType<ProducesFileAttribute>().Any())
        {
            AddFile(operation.Responses ??= []);
        }

        DescribeBody(operation);
        operation.Parameters = operation.Parameters?.Where(parameter => parameter.Name != AliasOfCreateToken).ToList();
        // The two share a schema, which cannot say that each has one status only.
        if (operation.OperationId switch { "GetLive" => "live", "GetReady" => "ready", _ => null } is { } status)
        {
            ((OpenApiMediaType)operation.Responses!["200"].Content!["application/json"]).Example =
                new JsonObject { ["status"] = status };
        }
    }

    private static void DescribeBody(OpenApiOperation operation)
    {
        if (operation.RequestBody is not OpenApiRequestBody body)
        {
            return;
        }

        body.Required = true;
        foreach (var media in body.Content!.Values.OfType<OpenApiMediaType>())
        {
            // The description stands at the body. Of a reference inside an allOf generators make one more type with the same
            // fields.
            media.Schema = media.Schema is OpenApiSchema { AllOf: [var only] } ? only : media.Schema;
            if (operation.OperationId == "SendMessage")
            {
                // Without a clientId: Swagger UI would send the same one each time, and get the first message back.
                media.Example = new JsonObject { ["text"] = "hello" };
            }
        }
    }

    private static OpenApiRequestBody Form(string field) => new()
    {
        Required = true,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            ["multipart/form-data"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { field },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        [field] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.String,
                            Format = "binary",
                            Description = "The image.",
                        },
                    },
                },
            },
        },
    };

    private static void AddFile(OpenApiResponses responses)
    {
        var bytes = new Dictionary<string, IOpenApiMediaType>
        {
            ["image/*"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        };
        responses["200"] =
            new OpenApiResponse { Description = "The bytes, with the type that they were verified to have.", Content = bytes };
        responses["206"] = new OpenApiResponse { Description = "The part that was asked for.", Content = bytes };
        responses["304"] = new OpenApiResponse { Description = "The caller has it." };
    }
}
