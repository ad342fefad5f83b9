namespace SampleIm.Api.Storage;

/// <summary>
/// The program cannot start, and its operator can do something about it: the message is the line that they read. It lies on the
/// lowest floor because every floor throws it.
/// </summary>
public sealed class StartupException(string message) : Exception(message);
