using System.Diagnostics.Metrics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>What is measured.</summary>
/// <param name="Name">As OpenTelemetry writes it: <c>sampleim.polls</c>.</param>
/// <param name="Unit">By UCUM: <c>s</c>, <c>By</c>, <c>{user}</c>.</param>
/// <param name="Description">One sentence without its stop.</param>
public abstract record Metric(string Name, string Unit, string Description);

/// <summary>A value that is read when somebody asks.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsCounter">Whether it only grows, from 0 at the start of the process.</param>
/// <param name="Read">The values by label.</param>
public sealed record ReadMetric(string Name, string Unit, string Description, bool IsCounter, Func<IEnumerable<Measurement<double>>> Read)
    : Metric(Name, Unit, Description);

/// <summary>Values that come one by one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Description">What it is.</param>
/// <param name="Distribution">The values so far.</param>
public sealed record DistributedMetric(string Name, string Unit, string Description, Distribution Distribution) : Metric(Name, Unit, Description);
