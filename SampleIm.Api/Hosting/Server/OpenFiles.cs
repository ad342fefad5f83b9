using System.Globalization;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// How many files and sockets the system lets this program have open. At that limit no connection can be accepted any more,
/// not even to be closed: the accept loop would try again and again and take a whole core for it, and the database could not
/// open its files. So the connections stop short of it.
/// </summary>
public static class OpenFiles
{
    /// <summary>
    /// For the program's own libraries, which alone are 300, the database, and the images that are being read or written.
    /// </summary>
    private const long Reserve = 1024;

    private const string LimitsOfThisProcess = "/proc/self/limits";

    /// <summary>How many connections there may be; null where the system does not say what it allows.</summary>
    public static long? ForConnections() =>
        File.Exists(LimitsOfThisProcess) ? ForConnections(File.ReadLines(LimitsOfThisProcess)) : null;

    /// <summary>
    /// The same by the lines of such a file: <c>Max open files            1024                 4096                 files</c>.
    /// </summary>
    public static long? ForConnections(IEnumerable<string> limits)
    {
        const string Name = "Max open files";
        var line = limits.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) ?? Name;
        var soft = line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var files)
            ? Math.Max(files / 2, files - Math.Max(Reserve, files / 20))
            : null;
    }
}
