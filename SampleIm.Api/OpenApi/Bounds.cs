using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.OpenApi;

/// <summary>
/// Leaves out a bound that only says what an int64 can hold: a reader of JSON takes it for a float, and rounds it to a number
/// that is one too large.
/// </summary>
public sealed class Bounds : IParameterFilter
{
    private static readonly string s_mostOfInt64 = long.MaxValue.ToString(CultureInfo.InvariantCulture);

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter.Schema is OpenApiSchema schema && schema.Maximum == s_mostOfInt64)
        {
            schema.Maximum = null;
        }
    }
}
