using Microsoft.Net.Http.Headers;

namespace SampleIm.Api.Hosting.Server;

/// <summary>What every path understands besides the methods of its calls: HEAD where there is a GET, and OPTIONS.</summary>
public static class ReadMethods
{
    private static readonly string[] s_read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Lets a call that takes GET take HEAD too: it does the same, and the server sends the headers alone.</summary>
    public static void AddHead(this IEndpointConventionBuilder calls) => calls.Add(endpoint =>
    {
        var at = endpoint.Metadata.IndexOf(endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()!);
        if (at >= 0 && endpoint.Metadata[at] is IHttpMethodMetadata { HttpMethods: [var only] } && HttpMethods.IsGet(only))
        {
            endpoint.Metadata[at] = new HttpMethodMetadata(s_read);
        }
    });

    public static bool IsRead(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>
    /// Answers OPTIONS with the methods of the path. Routing itself takes it for one more method that the path does not have.
    /// </summary>
    public static async Task AnswerOptionsAsync(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (!HttpMethods.IsOptions(context.Request.Method) || endpoint is RouteEndpoint
            || endpoint?.RequestDelegate is not { } refuse)
        {
            await next(context);
            return;
        }

        await refuse(context);
        if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Append(HeaderNames.Allow, HttpMethods.Options);
        }
    }
}
