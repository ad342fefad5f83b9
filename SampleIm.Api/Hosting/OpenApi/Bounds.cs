using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>
/// Leaves out a bound that only says what an int64 can hold: a reader of JSON takes it for a float, and rounds it to a number
/// that is one too large.
/// </summary>
public sealed class Bounds : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter.Schema is OpenApiSchema schema && IsMostOfInt64(schema.Maximum))
        {
            schema.Maximum = null;
        }
    }

    /// <summary>As it was written in the code, or as the float that a range of doubles makes of it.</summary>
    private static bool IsMostOfInt64(string? maximum) =>
        double.TryParse(maximum, CultureInfo.InvariantCulture, out var most) && most >= long.MaxValue;
}
