using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Security;

/// <summary>The call answers with tokens and sets no cookie.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnswersTokensAttribute : Attribute
{
    /// <summary>Only with <c>?token=true</c>; else it sets a cookie.</summary>
    public bool WhenAsked { get; set; }

    public bool Holds(HttpRequest request) =>
        !WhenAsked || (request.Query["token"] is [var first, ..] && bool.TryParse(first, out var asked) && asked);
}

/// <summary>
/// Refuses what another site makes a browser do: an unsafe request that comes from elsewhere, be it with the cookie of
/// somebody who is signed in or to sign somebody in unasked. Browsers say where it comes from in <c>Sec-Fetch-Site</c>, older
/// ones in
/// <c>Origin</c>; a program that sends neither is no browser and has nobody's cookie by accident. A site that is named in
/// <c>Cors:Origins</c> may ask for tokens and call with them.
/// </summary>
public sealed class CrossSite(IOptions<CrossOriginOptions> options)
{
    private readonly FrozenSet<string> _origins = options.Value.Origins.ToFrozenSet(StringComparer.Ordinal);

    public Task RefuseAsync(HttpContext context, RequestDelegate next) =>
        IsUnsafe(context.Request) && !ComesFromHere(context.Request) && !IsAllowed(context)
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
            || (WebOrigin.Of(origin) is { } from && from == WebOrigin.Of($"{request.Scheme}://{request.Host.ToUriComponent()}"));
    }

    /// <summary>
    /// With a bearer token the cookie means nothing, and a call that only answers tokens changes nothing in the browser.
    /// </summary>
    private bool IsAllowed(HttpContext context) => _origins.Contains(context.Request.Headers.Origin.ToString())
        && (context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            || context.GetEndpoint()?.Metadata.GetMetadata<AnswersTokensAttribute>()?.Holds(context.Request) is true);
}
