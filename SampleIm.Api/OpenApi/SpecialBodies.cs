using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SampleIm.Api.Accounts;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.OpenApi;

/// <summary>
/// Describes the bodies that no parameter or return type describes: a form with a file, the bytes of a picture, either of
/// two answers, the one status that a check of health has.
/// </summary>
public sealed class SpecialBodies : IOperationFilter
{
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

        if (operation.OperationId == "Login")
        {
            operation.Responses!["200"] = new OpenApiResponse
            {
                Description = "The account, and the cookie is set; with `token=true` the tokens, and no cookie.",
                Content = Json(new OpenApiSchema { OneOf = [Schema<AccountResponse>(context), Schema<TokenResponse>(context)] }),
            };
        }

        // The two share a schema, which cannot say that each has one status only.
        if (operation.OperationId switch { "GetLive" => "live", "GetReady" => "ready", _ => null } is { } status)
        {
            ((OpenApiMediaType)operation.Responses!["200"].Content!["application/json"]).Example = new JsonObject { ["status"] = status };
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
                        [field] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The picture." },
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
        responses["200"] = new OpenApiResponse { Description = "The bytes, with the type that they were verified to have.", Content = bytes };
        responses["206"] = new OpenApiResponse { Description = "The part that was asked for.", Content = bytes };
        responses["304"] = new OpenApiResponse { Description = "The caller has it." };
    }

    private static IOpenApiSchema Schema<T>(OperationFilterContext context) => context.SchemaGenerator.GenerateSchema(typeof(T), context.SchemaRepository);

    private static Dictionary<string, IOpenApiMediaType> Json(IOpenApiSchema schema) =>
        new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };
}
