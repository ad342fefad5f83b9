using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>
/// The metrics in the text format that Prometheus reads, version 0.0.4: a name has underscores for dots, then its unit written out,
/// then <c>_total</c> where it only grows.
/// </summary>
public static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
        {
            Append(text, metric);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Metric metric)
    {
        var name = NameOf(metric);
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {metric.Description.Replace("\\", @"\\", StringComparison.Ordinal)}.\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {TypeOf(metric)}\n");
        if (metric is DistributedMetric { Distribution: var distribution })
        {
            Append(text, name, distribution);
        }
        else
        {
            foreach (var value in ((ReadMetric)metric).Read())
            {
                text.Append(name).Append(LabelsOf(value)).Append(' ').Append(Number(value.Value)).Append('\n');
            }
        }
    }

    /// <summary>Each bucket counts its own values and those of all smaller ones.</summary>
    private static void Append(StringBuilder text, string name, Distribution distribution)
    {
        var (counts, sum) = distribution.Read();
        var soFar = 0L;
        for (var bucket = 0; bucket < counts.Count; bucket++)
        {
            soFar += counts[bucket];
            var bound = bucket < distribution.Bounds.Count ? Number(distribution.Bounds[bucket]) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bound}\"}} {soFar}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum {Number(sum)}\n{name}_count {soFar}\n");
    }

    private static string NameOf(Metric metric)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return metric.Name.Replace('.', '_') + unit + (metric is ReadMetric { IsCounter: true } ? "_total" : "");
    }

    private static string TypeOf(Metric metric) => metric switch
    {
        DistributedMetric => "histogram",
        ReadMetric { IsCounter: true } => "counter",
        _ => "gauge",
    };

    private static string LabelsOf(Measurement<double> value)
    {
        var labels = value.Tags.ToArray();
        return labels.Length == 0 ? "" : "{" + string.Join(',', labels.Select(label => $"{label.Key}=\"{Escape($"{label.Value}")}\"")) + "}";
    }

    private static string Escape(string value) => value
        .Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
