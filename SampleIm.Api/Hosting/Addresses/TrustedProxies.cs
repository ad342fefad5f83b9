using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace SampleIm.Api.Hosting.Addresses;

/// <summary>Section <c>Proxies</c>.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    /// <summary>Addresses and networks (<c>10.1.0.0/16</c>) of the proxies whose word counts; none unless configured.</summary>
    public IList<string> Trusted { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Trusted
        .Select((entry, index) => (Entry: entry, Name: $"{nameof(Trusted)}:{index}"))
        .Where(proxy => Networks.Parse(proxy.Entry) is null)
        .Select(
            proxy =>
                new ValidationResult(
                    $"'{proxy.Entry}' is neither an IP address nor a network such as 10.1.0.0/16.", [proxy.Name]));
}

/// <summary>
/// Takes the client's address and the scheme from <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> where a trusted proxy
/// has set them. Anybody can send these headers: from anybody else they mean nothing.
/// </summary>
public static class TrustedProxies
{
    /// <summary>First of all, for everything after it asks where a request comes from.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var trusted = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.Trusted;
        if (trusted.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Each proxy names the one before it: read on for as long as a trusted one speaks, however many stand in line.
            ForwardLimit = null,
        };
        // By default it trusts this machine.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted.Select(Networks.Parse))
        {
            options.KnownIPNetworks.Add(network!.Value);
        }

        app.UseForwardedHeaders(options);
    }
}
