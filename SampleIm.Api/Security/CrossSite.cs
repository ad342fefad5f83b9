using SampleIm.Api.Problems;

namespace SampleIm.Api.Security;

/// <summary>
/// Refuses what another site makes a browser do: an unsafe request that comes from elsewhere, be it with the cookie of
/// somebody who is signed in or to sign somebody in unasked. Browsers say where it comes from in <c>Sec-Fetch-Site</c>, older ones in <c>Origin</c>; a program that sends
/// neither is no browser and has nobody's cookie by accident.
/// </summary>
public static class CrossSite
{
    public static Task RefuseAsync(HttpContext context, RequestDelegate next) =>
        IsUnsafe(context.Request) && !ComesFromHere(context.Request)
            ? ApiProblem.Of(ProblemCodes.RequestCrossSite).ExecuteAsync(context)
            : next(context);

    private static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private static bool ComesFromHere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none";
        }

        return request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);
    }
}
