using System.ComponentModel.DataAnnotations;
using System.Net;
using SampleIm.Api.Hosting.Addresses;

namespace SampleIm.Api.Hosting.Server;

/// <summary>Section <c>Server</c>: what one client may take of the server, and how the server stops.</summary>
public sealed class ServerOptions : IValidatableObject
{
    /// <summary>
    /// Open connections at most; one more is closed at once. 0: as many as the system allows, less what the program needs itself.
    /// </summary>
    [Range(0, 10_000_000)]
    public int MaxConnections { get; set; }

    /// <summary>
    /// Open connections at most from one network: an IPv4 address, or a /64 of IPv6. 0: a quarter of all, and at least 256.
    /// </summary>
    [Range(0, 10_000_000)]
    public int MaxConnectionsPerNetwork { get; set; }

    /// <summary>
    /// Addresses and networks whose connections that limit does not count: where none is named, this machine. Trusted proxies
    /// never count.
    /// </summary>
    public IList<string> ExemptNetworks { get; } = [];

    /// <summary>
    /// How long a connection may lie idle: by default longer than the 60 s for which proxies and clients keep one for later.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long the headers of a request may take, from their first byte to their last.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes a second at which a body has to come, on the average since it began.</summary>
    [Range(1, 1_000_000)]
    public int MinBodyRate { get; set; } = 1024;

    /// <summary>How long a body may be slower than that at first.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan BodyGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a server that was told to stop still answers 503 before it closes its connections: anyone who polls once a second
    /// reads an answer instead of losing a request.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(1);

    public IReadOnlyList<IPNetwork> Exempt() =>
        ExemptNetworks.Count == 0 ? Networks.Loopback : [.. ExemptNetworks.Select(network => Networks.Parse(network)!.Value)];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ExemptNetworks
        .Select((entry, index) => (Entry: entry, Name: $"{nameof(ExemptNetworks)}:{index}"))
        .Where(network => Networks.Parse(network.Entry) is null)
        .Select(network => new ValidationResult(
            $"'{network.Entry}' is neither an IP address nor a network such as 10.1.0.0/16.", [network.Name]));
}
