using System.Net;

namespace SampleIm.Load.Commands;

/// <summary>Where the server listens: on this machine, without TLS.</summary>
public sealed record ServerAddress(Uri Uri, IPEndPoint EndPoint)
{
    public override string ToString() => Uri.GetLeftPart(UriPartial.Authority);

    /// <returns>The address, or what is wrong with it.</returns>
    public static (ServerAddress? Address, string? Fault) Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return (null, "--server takes an address such as http://127.0.0.1:5080.");
        }

        if (!uri.IsLoopback)
        {
            return (null, $"--server: {uri.Host} is not this machine. Load goes to loopback addresses only.");
        }

        if (uri.Scheme == "https" || uri.PathAndQuery != "/")
        {
            return (null, "--server takes http, a host and a port, and nothing else: TLS and proxies are not what is measured.");
        }

        var ip = uri.HostNameType == UriHostNameType.Dns ? IPAddress.Loopback : IPAddress.Parse(uri.DnsSafeHost);
        return (new ServerAddress(uri, new IPEndPoint(ip, uri.Port)), null);
    }
}
