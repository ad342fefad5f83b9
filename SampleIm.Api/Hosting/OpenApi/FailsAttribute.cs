namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>The codes with which an action answers errors, besides those that every call of its kind can have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FailsAttribute(params string[] codes) : Attribute
{
    public IReadOnlyList<string> Codes { get; } = codes;
}

/// <summary>The action answers with the bytes of an image.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProducesFileAttribute : Attribute;

/// <summary>The action is asked again and again: it answers with a tag, and 304 to anyone who shows the current one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PolledAttribute : Attribute;

/// <summary>The action answers a repeated call with 200 and the path of what the first one made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
