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

    /// <summary>How many connections there may be; null where the system does not say what it allows.</summary>
    public static long? ForConnections() => ForConnections(OpenFileLimit.Read());

    /// <summary>The same by the lines of the system's file of limits, see <see cref="OpenFileLimit"/>.</summary>
    public static long? ForConnections(IEnumerable<string> limits) => ForConnections(OpenFileLimit.Read(limits));

    private static long? ForConnections(long? files) =>
        files is { } all ? Math.Max(all / 2, all - Math.Max(Reserve, all / 20)) : null;
}
