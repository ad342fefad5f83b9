using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>
/// Says which fields a body has for certain: in a request those that the call refuses to miss, in an answer all, null or not.
/// Other fields are never forbidden: those of a request are ignored, and an answer may gain some.
/// </summary>
public sealed class RequiredFields : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { Count: > 0 } fields } body)
        {
            return;
        }

        body.AdditionalPropertiesAllowed = true;
        var isRequest = context.Type.Name.EndsWith("Request", StringComparison.Ordinal);
        var required = (isRequest ? AskedFor(context.Type) : AlwaysAnswered(context.Type))
            .Select(JsonNamingPolicy.CamelCase.ConvertName).ToHashSet();
        body.Required = required;
        // What a request must have cannot be null; what an answer may lack is left out instead of being null.
        var matching = fields.Where(field => required.Contains(field.Key) == isRequest).Select(field => field.Value);
        foreach (var field in matching.OfType<OpenApiSchema>())
        {
            field.Type &= ~JsonSchemaType.Null;
        }

        // OpenAPI 3.0 knows no null without a type beside it, and a reference inside an allOf has none.
        foreach (var field in fields.Values.OfType<OpenApiSchema>()
            .Where(field => field is { AllOf.Count: > 0, Type: JsonSchemaType.Null }))
        {
            field.Type |= JsonSchemaType.Object;
        }

        AddKnownValues(fields, context.Type);
    }

    private static void AddKnownValues(IDictionary<string, IOpenApiSchema> fields, Type type)
    {
        foreach (var parameter in type.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
        {
            if (parameter.GetCustomAttribute<KnownValuesAttribute>() is { } known
                && fields[JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)] is OpenApiSchema field)
            {
                var list = string.Join(", ", known.Values.Select(value => $"`{value}`"));
                field.Description += $" One of {list} today; others may come.";
                var values = new JsonArray([.. known.Values.Select(value => JsonValue.Create(value))]);
                field.AddExtension("x-extensible-enum", new JsonNodeExtension(values));
            }
        }
    }

    /// <summary>Attributes of a record's constructor, which do not stand on its properties.</summary>
    private static IEnumerable<string> AskedFor(Type request) => request.GetConstructors()
        .SelectMany(constructor => constructor.GetParameters())
        .Where(parameter => parameter.IsDefined(typeof(RequiredAttribute)))
        .Select(parameter => parameter.Name!);

    private static IEnumerable<string> AlwaysAnswered(Type answer) =>
        answer.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => !property.IsDefined(typeof(JsonIgnoreAttribute)))
        .Select(property => property.Name);
}
