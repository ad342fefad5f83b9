using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;


namespace SampleIm.Api.Commands.Backup;

/// <summary>The data folder that a backup is restored to: empty before, and after a failure again.</summary>
public sealed class RestoreTarget(DataPlaces places)
{
    /// <summary>The database and what SQLite puts beside it.</summary>
    private static readonly string[] s_suffixes = ["", "-wal", "-shm", "-journal"];

    private static readonly EnumerationOptions s_everything =
        new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };

    public DataPlaces Places => places;

    private string Lock => ServerLock.PathOf(places.DatabaseFile);

    /// <exception cref="StartupException">There is something that a restore would mix with or overwrite.</exception>
    public void RefuseUsed()
    {
        if (UnfinishedRestore.IsOf(places))
        {
            // What is there was put there by a restore, and no server has been on it since.
            return;
        }

        var database = s_suffixes.Select(suffix => places.DatabaseFile + suffix).Where(File.Exists);
        var others = Directory.Exists(places.Folder) ? Directory.EnumerateFiles(places.Folder, "*", s_everything) : [];
        if (database.Concat(others).FirstOrDefault(file => file != Lock) is { } used)
        {
            throw new StartupException(
                $"The data folder '{places.Folder}' is not empty: '{used}' is there. Move it away, or restore into another "
                + "folder with --Data:Path=….");
        }
    }

    /// <summary>Makes the folders, and keeps servers away until the answer is disposed.</summary>
    public IDisposable Begin()
    {
        OwnersOnly.ClaimFolder(places.Folder, OwnersOnly.Looking);
        // With Database:ConnectionString it may lie elsewhere.
        OwnersOnly.ClaimFolder(Path.GetDirectoryName(places.DatabaseFile)!, OwnersOnly.Looking);
        var servers = ServerLock.Take(places.DatabaseFile);
        try
        {
            // Nobody can have come in since the lock was taken, but before that.
            RefuseUsed();
            // Before anything in them is cleared: a link would lead to somebody's files.
            OwnersOnly.ClaimFolder(places.Images, OwnersOnly.Looking);
            OwnersOnly.ClaimFolder(places.Keys, OwnersOnly.Looking);
            UnfinishedRestore.Begin(places);
            Clear();
            return servers;
        }
        catch
        {
            servers.Dispose();
            throw;
        }
    }

    public void End() => UnfinishedRestore.End(places);

    /// <summary>Takes away what a restore has put there, this one or an interrupted one.</summary>
    public void Clear()
    {
        foreach (var folder in new[] { places.Images, places.Keys }.Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                File.Delete(file);
            }
        }

        File.Delete(places.DatabaseFile);
    }
}
