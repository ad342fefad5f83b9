using System.Globalization;

namespace SampleIm.Api.Hosting.Server;

/// <summary>How many files and sockets Linux lets this process have open (<c>ulimit -n</c>).</summary>
internal static class OpenFileLimit
{
    private const string LimitsOfThisProcess = "/proc/self/limits";

    /// <returns>Null where the system does not say so, or sets no limit.</returns>
    public static long? Read() => File.Exists(LimitsOfThisProcess) ? Read(File.ReadLines(LimitsOfThisProcess)) : null;

    /// <param name="limits">
    /// The lines of such a file: <c>Max open files            1024                 4096                 files</c>. The first
    /// figure holds.
    /// </param>
    public static long? Read(IEnumerable<string> limits)
    {
        const string Name = "Max open files";
        var line = limits.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) ?? Name;
        var soft = line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? files : null;
    }
}
