namespace SampleIm.Api.Hosting.Problems;

/// <summary>The action reads a form with one file.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UploadsFileAttribute(string field) : Attribute
{
    public string Field { get; } = field;
}
