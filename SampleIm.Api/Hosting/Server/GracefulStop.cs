using System.Diagnostics;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// What happens between SIGTERM and the end of the process. What has begun is finished and answered; what comes now is refused
/// with 503 and its connection closed, so that the client goes to the next server or comes back. After
/// <see cref="ServerOptions.Drain"/>, and when no write is under way any more, Kestrel closes the port and the idle connections;
/// then the background work ends.
/// </summary>
public sealed class GracefulStop(IHostApplicationLifetime lifetime, IOptions<ServerOptions> options) : IHostedLifecycleService
{
    /// <summary>
    /// For all of it. Kestrel takes up to a second more to abort what is not done by then: all in all below 10 s.
    /// </summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(7);

    /// <summary>For writes whose bodies are still on their way: Kestrel would cancel the reading of them.</summary>
    private static readonly TimeSpan s_mostForWrites = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(2);

    private volatile bool _isStopping;
    private int _writes;

    /// <summary>Whether new requests are refused.</summary>
    public bool IsStopping => _isStopping;

    public Task RefuseWhileStoppingAsync(HttpContext context, RequestDelegate next)
    {
        if (!ReadMethods.IsRead(context.Request))
        {
            return WriteAsync(context, next);
        }

        return _isStopping && context.Request.Path != "/health/live" ? RefuseAsync(context) : next(context);
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _isStopping = true);
        return Task.CompletedTask;
    }

    /// <summary>Awaited before anything is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(options.Value.Drain, cancellationToken);
        while (Volatile.Read(ref _writes) > 0 && Stopwatch.GetElapsedTime(began) < s_mostForWrites)
        {
            await Task.Delay(s_step, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counted before the look at the state: a stop that begins in between waits for it.</summary>
    private async Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _writes);
        try
        {
            await (_isStopping ? RefuseAsync(context) : next(context));
        }
        catch (OperationCanceledException) when (_isStopping
            && !context.Response.HasStarted
            && !context.RequestAborted.IsCancellationRequested)
        {
            // Kestrel waits for no body any more. What has not been read has not been done.
            await RefuseAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    private static Task RefuseAsync(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return ApiProblem.Of(ProblemCodes.ServerStopping, retryAfter: s_retryAfter).ExecuteAsync(context);
    }
}
