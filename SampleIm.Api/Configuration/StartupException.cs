using System.Net.Sockets;

namespace SampleIm.Api.Configuration;

/// <summary>The program cannot start, and its operator can mend it: the message is the one line that he or she reads.</summary>
public sealed class StartupException(string message) : Exception(message)
{
    /// <summary>One readable line for what an operator can mend; all that is known of a fault of the program.</summary>
    public static string Explain(Exception fault) => fault switch
    {
        StartupException => fault.Message,
        IOException or SocketException or FormatException => $"Urls: {FirstLine(fault)}",
        InvalidOperationException or ArgumentException => FirstLine(fault),
        _ => fault.ToString(),
    };

    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0].TrimEnd('\r');
}
