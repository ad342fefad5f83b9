using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Addresses;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// How many connections there may be, in all and from one network, so that nobody takes the room of all others. Where there is no
/// room for one more, the oldest that has not brought a whole request yet is closed; where there is none of these, the new one
/// is.
/// </summary>
public sealed class OpenConnections
{
    /// <summary>A class behind one address, each with the few connections that a browser opens, fits at any rate.</summary>
    private const long LeastPerNetwork = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkKey, Network> _networks = [];
    private readonly LinkedList<Connection> _silent = [];
    private readonly IReadOnlyList<IPNetwork> _exempt;
    private readonly long _most;
    private readonly long _mostPerNetwork;
    private readonly long _mostPerSite;
    private long _count;
    private volatile int _silentCount;

    public OpenConnections(IOptions<ServerOptions> settings, IOptions<ProxyOptions> proxies)
    {
        var options = settings.Value;
        var most = Most(options);
        _most = most ?? long.MaxValue;
        var share = options.MaxConnectionsPerNetwork > 0 ? options.MaxConnectionsPerNetwork : ShareOf(most);
        _mostPerNetwork = share ?? long.MaxValue;
        _mostPerSite = Math.Max(_mostPerNetwork, ShareOf(most) ?? long.MaxValue);
        _exempt = [.. options.Exempt(), .. proxies.Value.Trusted.Select(proxy => Networks.Parse(proxy)!.Value)];
    }

    /// <summary>
    /// Whether a connection has not brought a whole request yet: as long as all have, no request has anything to report.
    /// </summary>
    public bool HasSilent => _silentCount > 0;

    /// <summary>In all; null where neither the setting nor the system says.</summary>
    public static long? Most(ServerOptions options) =>
        options.MaxConnections > 0 ? options.MaxConnections : OpenFiles.ForConnections();

    /// <summary>Of so many in all, those of one network.</summary>
    public static long? ShareOf(long? most) => most is { } all ? Math.Max(all / 4, Math.Min(all, LeastPerNetwork)) : null;

    public async Task RunAsync(ConnectionContext transport, ConnectionDelegate next)
    {
        if (Enter(transport) is not { } connection)
        {
            await transport.DisposeAsync();
            return;
        }

        transport.Features.Set(connection);
        try
        {
            await next(transport);
        }
        finally
        {
            lock (_lock)
            {
                Remove(connection);
            }
        }
    }

    /// <summary>The headers of a request are there.</summary>
    public void Note(HttpContext context)
    {
        if (context.Features.Get<Connection>() is { IsSilent: true } connection)
        {
            lock (_lock)
            {
                MarkUsed(connection);
            }
        }
    }

    private Connection? Enter(ConnectionContext transport)
    {
        List<Connection> closed = [];
        Connection? connection = null;
        lock (_lock)
        {
            var networks = NetworksOf(transport.RemoteEndPoint);
            if (networks.TrueForAll(network => network.Count < network.Most || Drop(network.Silent, closed))
                && (_count < _most || Drop(_silent, closed)))
            {
                connection = Add(transport, networks);
            }
            else
            {
                networks.ForEach(ForgetEmpty);
            }
        }

        // Outside of the lock: what ends with a connection may want it.
        closed.ForEach(old => old.Transport.Abort(new ConnectionAbortedException("Closed to make room for another connection.")));
        return connection;
    }

    /// <summary>
    /// Where it is counted: its network and, for IPv6, its /48, because one customer may have that many networks. Nowhere for
    /// this machine, trusted proxies and what has no address.
    /// </summary>
    private List<Network> NetworksOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address } || Networks.Contain(_exempt, address))
        {
            return [];
        }

        var own = FindOrAdd(new(Networks.OfClient(address), IsSite: false), _mostPerNetwork);
        return Networks.SiteOf(address) is { } site ? [own, FindOrAdd(new(site, IsSite: true), _mostPerSite)] : [own];
    }

    private Network FindOrAdd(NetworkKey key, long most)
    {
        if (!_networks.TryGetValue(key, out var network))
        {
            _networks.Add(key, network = new Network(key, most));
        }

        return network;
    }

    private Connection Add(ConnectionContext transport, List<Network> networks)
    {
        var connection = new Connection(transport);
        connection.InAll = _silent.AddLast(connection);
        _silentCount = _silent.Count;
        _count++;
        foreach (var network in networks)
        {
            // Where its network's last one was dropped for it, the network has been forgotten.
            _networks[network.Key] = network;
            network.Count++;
            connection.Networks.Add((network, network.Silent.AddLast(connection)));
        }

        return connection;
    }

    private void ForgetEmpty(Network network)
    {
        if (network.Count == 0)
        {
            _networks.Remove(network.Key);
        }
    }

    private bool Drop(LinkedList<Connection> silent, List<Connection> closed)
    {
        if (silent.First is not { Value: var oldest })
        {
            return false;
        }

        Remove(oldest);
        closed.Add(oldest);
        return true;
    }

    /// <summary>A connection that was dropped is removed then, and ends a little later.</summary>
    private void Remove(Connection connection)
    {
        if (connection.IsRemoved)
        {
            return;
        }

        connection.IsRemoved = true;
        MarkUsed(connection);
        _count--;
        foreach (var (network, _) in connection.Networks)
        {
            network.Count--;
            ForgetEmpty(network);
        }
    }

    private void MarkUsed(Connection connection)
    {
        if (connection.InAll is not { } all)
        {
            return;
        }

        _silent.Remove(all);
        connection.InAll = null;
        _silentCount = _silent.Count;
        foreach (var (network, place) in connection.Networks)
        {
            network.Silent.Remove(place);
        }
    }

    private readonly record struct NetworkKey(IPAddress Address, bool IsSite);

    private sealed class Network(NetworkKey key, long most)
    {
        public NetworkKey Key { get; } = key;

        public long Most { get; } = most;

        public long Count { get; set; }

        public LinkedList<Connection> Silent { get; } = [];
    }

    private sealed class Connection(ConnectionContext transport)
    {
        public ConnectionContext Transport { get; } = transport;

        /// <summary>Where it is counted, and its place among the silent ones there.</summary>
        public List<(Network Network, LinkedListNode<Connection> Place)> Networks { get; } = new(2);

        public LinkedListNode<Connection>? InAll { get; set; }

        public bool IsRemoved { get; set; }

        public bool IsSilent => InAll is not null;
    }
}
