namespace SampleIm.Api.Configuration;

/// <summary>The program cannot start, and its operator can mend it: the message is the one line that he reads.</summary>
public sealed class StartupException(string message) : Exception(message);
