using System.Globalization;
using SampleIm.Api.Hosting.Server;

namespace SampleIm.Load.Hosting.Measuring;

/// <summary>
/// Whether the machine lets this process open as many connections as a run needs. What Linux does not tell is not checked.
/// </summary>
public static class MachineLimits
{
    /// <summary>Files that the program itself has open, with some to spare.</summary>
    private const int OwnFiles = 300;

    /// <exception cref="LoadException">It does not.</exception>
    public static void Check(int connections)
    {
        if (OpenFileLimit.Read() is { } files && connections + OwnFiles > files)
        {
            throw new LoadException(
                $"{connections} connections need {connections + OwnFiles} open files, and this process may open {files}. Take "
                + "fewer users, or raise the limit (ulimit -n) here and for the server.");
        }

        if (Ports() is { } ports && connections > ports)
        {
            throw new LoadException(
                $"{connections} connections need as many local ports, and the machine has {ports} "
                + "(net.ipv4.ip_local_port_range). Take fewer users.");
        }
    }

    private static int? Ports()
    {
        var range = ReadLines("/proc/sys/net/ipv4/ip_local_port_range").FirstOrDefault()?.Split('\t', ' ');
        return range is [var first, .., var last]
            ? int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1
            : null;
    }

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
