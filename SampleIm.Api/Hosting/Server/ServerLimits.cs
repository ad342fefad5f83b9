using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// What one client may take of the server before a request has even begun: connections, headers, time. Bodies have their own
/// limits, in <see cref="Security.BodyLimit"/> and at the upload of images.
/// </summary>
public static class ServerLimits
{
    private const int MostHeaderBytes = 16 * 1024;

    private const int MostHeaders = 64;

    /// <summary>Connections that were closed to make room for others and have not quite ended.</summary>
    private const long MostEnding = 256;

    public static void Set(KestrelServerOptions kestrel, IOptions<ServerOptions> settings, OpenConnections connections)
    {
        var (options, limits) = (settings.Value, kestrel.Limits);
        kestrel.AddServerHeader = false;
        limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAlive;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyRate, options.BodyGrace);
        limits.MaxConcurrentConnections =
            OpenConnections.Most(options) is { } most ? most + Math.Min(MostEnding, 16 + (most / 8)) : null;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => transport => connections.RunAsync(transport, next)));
    }
}
