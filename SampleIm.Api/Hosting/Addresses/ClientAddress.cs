using System.Net;

namespace SampleIm.Api.Hosting.Addresses;

/// <summary>Where a request comes from, as the connection says, or a trusted proxy.</summary>
public static class ClientAddress
{
    /// <summary>The address, IPv4 in its own form; nothing where there is none, as on a Unix socket.</summary>
    public static IPAddress Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? Networks.Plain(address) : IPAddress.None;

    /// <summary>What limits count as one client: an IPv4 address, or a /64 of IPv6.</summary>
    public static IPAddress Network(HttpContext context) => Networks.OfClient(Of(context));
}
