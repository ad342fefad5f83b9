using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>
/// <c>GET /metrics</c>: for administrators, and for a monitoring program at an address that the configuration names.
/// </summary>
public static class MetricsEndpoint
{
    public const string Policy = "metrics";

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var branch = routes.CreateApplicationBuilder();
        branch.UseOpenTelemetryPrometheusScrapingEndpoint(_ => true);
        var scrape = branch.Build();
        Delegate answer = [Fails(ProblemCodes.AccountNotAdministrator)] (HttpContext context) => AnswerAsync(context, scrape);
        routes.MapGet("/metrics", answer)
            .RequireAuthorization(Policy)
            .WithName("GetMetrics")
            .WithTags("Health")
            .WithSummary("What the server counts and measures, in the text format of Prometheus.")
            .WithDescription("""
                For administrators; without a sign-in for the addresses in the setting Metrics:Addresses. docs/metrics.md lists
                the metrics.
                """)
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    public static void AddPolicy(AuthorizationOptions authorization, IOptions<MetricsOptions> options)
    {
        var networks = options.Value.Allowed();
        authorization.AddPolicy(Policy, policy => policy.RequireAssertion(context => context.Resource is HttpContext http
            && (http.Features.Get<Session>() is { IsAdmin: true }
                || (!IsForwarded(http.Request) && Networks.Contain(networks, ClientAddress.Of(http))))));
    }

    private static Task AnswerAsync(HttpContext context, RequestDelegate scrape)
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.CacheControl = "no-store";
            // Nobody keeps the answer, so nobody asks whether it has changed.
            context.Response.Headers.Remove(HeaderNames.LastModified);
            return Task.CompletedTask;
        });
        return scrape(context);
    }

    /// <summary>
    /// A proxy speaks for somebody else: its own address lets nobody in. What a trusted one has said of the client's address is
    /// taken for it by now, and no longer stands in the header.
    /// </summary>
    private static bool IsForwarded(HttpRequest request) =>
        request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded");
}
