using System.ComponentModel.DataAnnotations;
using System.Net;
using SampleIm.Api.Hosting.Addresses;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Section <c>Metrics</c>.</summary>
public sealed class MetricsOptions : IValidatableObject
{
    /// <summary>
    /// Where the metrics are sent to, by OTLP as protobuf over HTTP; without one they are not sent. Without a path it is
    /// <c>/v1/metrics</c>.
    /// </summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How often they are sent.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan OtlpInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Addresses (<c>127.0.0.1</c>) and networks (<c>10.1.0.0/16</c>) whose requests see <c>/metrics</c> without a sign-in.
    /// </summary>
    public IList<string> Addresses { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https"))
        {
            yield return new ValidationResult(
                "It is no address such as http://localhost:4318/v1/metrics.", [nameof(OtlpEndpoint)]);
        }

        foreach (var address in Addresses.Where(address => Networks.Parse(address) is null))
        {
            yield return new ValidationResult(
                $"'{address}' is neither an address, such as 127.0.0.1, nor a network, such as 10.1.0.0/16.",
                [nameof(Addresses)]);
        }
    }

    public IReadOnlyList<IPNetwork> Allowed() => [.. Addresses.Select(address => Networks.Parse(address)!.Value)];
}
