namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>The values that a field of an answer has today. Others may come, and clients have to be ready for them.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class KnownValuesAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
