using Microsoft.AspNetCore.Http.Features;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Security;

/// <summary>
/// Refuses bodies that no JSON of this API needs. A body that says beforehand how long it is gets an answer that its sender
/// can read; only one of unknown length is cut off.
/// </summary>
public static class BodyLimit
{
    /// <summary>
    /// Room for 4,000 UTF-16 units with each written as six characters, and to spare. Uploads have a limit of their own.
    /// </summary>
    public const long MaxBytes = 64 * 1024;

    public static Task LimitAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.HasFormContentType)
        {
            return next(context);
        }

        if (context.Request.ContentLength > MaxBytes)
        {
            return ApiProblem.Of(ProblemCodes.RequestTooLarge).ExecuteAsync(context);
        }

        if (context.Request.ContentLength is null)
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxBytes;
        }

        return next(context);
    }
}
