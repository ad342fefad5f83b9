using Microsoft.Extensions.Options;
using SampleIm.Api.Problems;

namespace SampleIm.Api.Server;

/// <summary>
/// What happens between SIGTERM and the end of the process. What has begun is finished and answered; what comes now is refused
/// with 503 and its connection closed, so that the client goes to the next server or comes back; after
/// <see cref="ServerOptions.Drain"/> the port is closed, then the idle connections; then the background work ends.
/// </summary>
public sealed class GracefulStop(IHostApplicationLifetime lifetime, IOptions<ServerOptions> options) : IHostedLifecycleService
{
    /// <summary>For all of it. Kestrel takes up to a second more to abort what is not done by then: all in all below 10 s.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);

    private volatile bool _isStopping;

    /// <summary>Whether new requests are refused.</summary>
    public bool IsStopping => _isStopping;

    public Task RefuseAsync(HttpContext context, RequestDelegate next) =>
        _isStopping && context.Request.Path != "/health/live" ? RefuseAsync(context) : next(context);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _isStopping = true);
        return Task.CompletedTask;
    }

    /// <summary>Awaited before anything is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await Task.Delay(options.Value.Drain, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task RefuseAsync(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return ApiProblem.Of(ProblemCodes.ServerStopping, retryAfter: s_retryAfter).ExecuteAsync(context);
    }
}
