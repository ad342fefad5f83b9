using System.Text;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Backup;

/// <summary>
/// The mark of a restore in the data folder, there from before the first file until all of them are: as long as it is
/// there no server starts, and the next restore may clear what it finds.
/// </summary>
public static class UnfinishedRestore
{
    public const string FileName = "unfinished-restore";

    /// <summary>For a server that starts.</summary>
    /// <exception cref="StartupException">A restore has not come to its end.</exception>
    public static void Refuse(string dataFolder)
    {
        if (File.Exists(Path.Combine(dataFolder, FileName)))
        {
            throw new StartupException($"A restore into '{dataFolder}' is not finished. Run it again, to its end.");
        }
    }

    /// <summary>
    /// Whether the mark is there, of a restore to the same folder and the same database file: another database is not its to
    /// clear.
    /// </summary>
    public static bool IsOf(DataPlaces places) =>
        File.Exists(PathIn(places)) && File.ReadAllText(PathIn(places)) == places.DatabaseFile;

    public static void Begin(DataPlaces places)
    {
        using var mark = new FileStream(PathIn(places), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        mark.Write(Encoding.UTF8.GetBytes(places.DatabaseFile));
        mark.Flush(flushToDisk: true);
    }

    public static void End(DataPlaces places) => File.Delete(PathIn(places));

    private static string PathIn(DataPlaces places) => Path.Combine(places.Folder, FileName);
}
