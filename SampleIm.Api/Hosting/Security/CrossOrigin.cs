using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Logging;

namespace SampleIm.Api.Hosting.Security;

/// <summary>Section <c>Cors</c>.</summary>
public sealed class CrossOriginOptions : IValidatableObject
{
    /// <summary>
    /// Sites whose pages may call the API with a bearer token: <c>https://app.example</c>. None unless configured.
    /// </summary>
    public IList<string> Origins { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Origins
        .Select((origin, index) => (Origin: origin, Name: $"{nameof(Origins)}:{index}"))
        // It is compared letter for letter.
        .Where(entry => WebOrigin.Of(entry.Origin) != entry.Origin)
        .Select(entry => new ValidationResult(
            $"'{entry.Origin}' is no origin such as https://app.example: scheme and host in lower case, no path.", [entry.Name]));
}

/// <summary>
/// Lets pages of the named sites call the API. No cookie ever goes with such a call: what the browser allows them is to send a
/// bearer token, and to read the answer.
/// </summary>
public static class CrossOrigin
{
    /// <summary>As long as any browser remembers it.</summary>
    private static readonly TimeSpan s_preflight = TimeSpan.FromHours(2);

    private static readonly string[] s_methods =
        [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    /// <summary>What a page of another origin cannot read unless it is named.</summary>
    private static readonly string[] s_exposed =
    [
        HeaderNames.Allow, "Content-Location", HeaderNames.ContentRange, HeaderNames.ETag, HeaderNames.Location,
        HeaderNames.Accept, "Accept-Patch", "RateLimit", "RateLimit-Policy", HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate,
        "X-Poll-Interval", RequestLog.IdHeader,
    ];

    public static void AddCrossOrigin(this IServiceCollection services)
    {
        services.AddSingleton<CrossSite>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, options) =>
            cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Value.Origins])
            .WithMethods(s_methods)
            .AllowAnyHeader()
            .WithExposedHeaders(s_exposed)
            .SetPreflightMaxAge(s_preflight)));
    }

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (IsOn(app.Services))
        {
            app.UseCors();
        }
    }

    public static bool IsOn(IServiceProvider services) =>
        services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.Origins.Count > 0;
}
