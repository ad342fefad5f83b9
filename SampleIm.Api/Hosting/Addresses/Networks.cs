using System.Net;
using System.Net.Sockets;

namespace SampleIm.Api.Hosting.Addresses;

/// <summary>Addresses and networks as settings name them: <c>127.0.0.1</c>, <c>10.1.0.0/16</c>, <c>2001:db8::/32</c>.</summary>
public static class Networks
{
    /// <summary>What one customer of an IPv6 provider gets at least: all addresses in it are one client (RFC 6177).</summary>
    private const int ClientBytes = 8;

    /// <summary>What one customer may get at most: a /48, which is 65,536 of these networks.</summary>
    private const int SiteBytes = 6;

    private const int MappedPrefix = 96;

    /// <summary>This machine.</summary>
    public static IReadOnlyList<IPNetwork> Loopback { get; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>
    /// One address is a network of its own. Null for what is neither, and for the short forms that parsers read in their own
    /// way: to them <c>10.1</c> is 10.0.0.1.
    /// </summary>
    public static IPNetwork? Parse(string entry)
    {
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        var text = slash < 0 ? entry : entry[..slash];
        if (!IPAddress.TryParse(text, out var address)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text))
        {
            return null;
        }

        var network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        if (slash >= 0 && !IPNetwork.TryParse(entry, out network))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 ? PlainNetwork(network) : network;
    }

    /// <summary>IPv4 in its own form: a socket for both families shows 127.0.0.1 as ::ffff:127.0.0.1.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>What limits count as one client: an IPv4 address, or a /64 of IPv6.</summary>
    public static IPAddress OfClient(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? First(plain, ClientBytes) : plain;
    }

    /// <summary>The /48 of an IPv6 address; null for IPv4, where nobody is given so many addresses.</summary>
    public static IPAddress? SiteOf(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? First(plain, SiteBytes) : null;
    }

    public static bool Contain(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        var plain = Plain(address);
        return networks.Any(network => network.Contains(plain));
    }

    private static IPAddress First(IPAddress address, int count)
    {
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, count, bytes.Length - count);
        return new IPAddress(bytes);
    }

    /// <summary>
    /// A network of mapped addresses is one of IPv4. One that is wider holds other addresses too and means none of them.
    /// </summary>
    private static IPNetwork? PlainNetwork(IPNetwork mapped) => mapped.PrefixLength >= MappedPrefix
        ? new IPNetwork(mapped.BaseAddress.MapToIPv4(), mapped.PrefixLength - MappedPrefix)
        : null;
}
