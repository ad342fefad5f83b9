using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Storage;


namespace SampleIm.Api.Hosting.Metrics;

/// <summary>What a supervisor or a load balancer asks.</summary>
public static class HealthEndpoints
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(10);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous()
            .WithMetadata(new RoutineAttribute(), new AnyHostAttribute());
        health.MapGet("/live", () => Results.Ok(new HealthResponse("live")))
            .WithName("GetLive")
            .WithSummary("Whether the process answers.")
            .WithDescription("For a supervisor that restarts a process that does not answer. It says nothing of the database.")
            .Produces<HealthResponse>(StatusCodes.Status200OK);
        health.MapGet("/ready", GetReadyAsync)
            .WithName("GetReady")
            .WithSummary("Whether the process can do its work: the database is reachable and its schema is this program's.")
            .WithDescription("For a load balancer: while this is not 200, send no requests here.")
            .Produces<HealthResponse>(StatusCodes.Status200OK);
    }

    private static async Task<IResult> GetReadyAsync(Schema schema, CancellationToken cancellation) =>
        await schema.IsCurrentAsync(cancellation)
            ? Results.Ok(new HealthResponse("ready"))
            : ApiProblem.Of(ProblemCodes.StorageUnavailable, "The schema of the database is not this program's.", s_retryAfter);
}

/// <summary>The state of the server.</summary>
/// <param name="Status" example="ready">What the server was found to be.</param>
public sealed record HealthResponse([KnownValues("live", "ready")] string Status);
