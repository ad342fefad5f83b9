using System.Net;
using System.Net.Sockets;

namespace SampleIm.Api.Security;

/// <summary>Where a request comes from, as the connection says, or a trusted proxy.</summary>
public static class ClientAddress
{
    /// <summary>What one customer of an IPv6 provider gets at least: all addresses in it are one client (RFC 6177).</summary>
    private const int NetworkBytes = 8;

    /// <summary>The address, IPv4 in its own form; nothing where there is none, as on a Unix socket.</summary>
    public static IPAddress Of(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => IPAddress.None,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4(),
        var address => address,
    };

    /// <summary>What limits count as one client: an IPv4 address, or a /64 of IPv6.</summary>
    public static IPAddress Network(HttpContext context)
    {
        var address = Of(context);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return new IPAddress(bytes);
    }
}
