using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace SampleIm.Api.Server;

/// <summary>
/// What one client may take of the server before a request has even begun: connections, headers, time. Bodies have their own
/// limits, in <see cref="Security.BodyLimit"/> and at the upload of pictures.
/// </summary>
public static class ServerLimits
{
    private const int MostHeaderBytes = 16 * 1024;

    private const int MostHeaders = 64;

    public static void Set(KestrelServerOptions kestrel, IOptions<ServerOptions> settings)
    {
        var (options, limits) = (settings.Value, kestrel.Limits);
        kestrel.AddServerHeader = false;
        limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAlive;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyRate, options.BodyGrace);
        limits.MaxConcurrentConnections = options.MaxConnections > 0 ? options.MaxConnections : OpenFiles.ForConnections();
    }
}
