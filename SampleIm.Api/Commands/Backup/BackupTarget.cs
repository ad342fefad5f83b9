using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;


namespace SampleIm.Api.Commands.Backup;

/// <summary>
/// The folder of a backup: filled beside its place under another name, and put there when it is whole. What an interrupted
/// backup left is cleared by the next one to the same place; what somebody else has put there is not taken.
/// </summary>
public sealed class BackupTarget : IDisposable
{
    private const string LockName = "backup.lock";

    private readonly string _place;
    private readonly FileStream _lock;

    /// <exception cref="StartupException">Something is there already, or the folder cannot be made.</exception>
    public BackupTarget(string place)
    {
        _place = Path.TrimEndingDirectorySeparator(place);
        Folder = _place + ".unfinished";
        try
        {
            RefuseUsed();
            OwnersOnly.ClaimFolder(Folder);
            _lock = new FileStream(Path.Combine(Folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Clear();
            OwnersOnly.MakeFolder(Images);
            OwnersOnly.MakeFolder(Keys);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new StartupException($"--to: {fault.Message}");
        }
    }

    /// <summary>Where it is filled.</summary>
    public string Folder { get; }

    public string DatabaseFile => Path.Combine(Folder, "sampleim.db");

    public string Images => Path.Combine(Folder, "images");

    public string Keys => Path.Combine(Folder, "keys");

    /// <summary>Puts the whole backup in its place.</summary>
    public void Publish()
    {
        _lock.Dispose();
        File.Delete(Path.Combine(Folder, LockName));
        Directory.Move(Folder, _place);
    }

    /// <summary>Takes away what was made, of a backup that failed.</summary>
    public void Abandon()
    {
        Clear();
        _lock.Dispose();
        File.Delete(Path.Combine(Folder, LockName));
        Directory.Delete(Folder);
    }

    public void Dispose() => _lock.Dispose();

    private void RefuseUsed()
    {
        OwnersOnly.RefuseLink(_place);
        if (!Path.Exists(_place))
        {
            return;
        }

        if (!Directory.Exists(_place) || Directory.EnumerateFileSystemEntries(_place).Any())
        {
            throw new StartupException($"--to: '{_place}' is there already and not empty. Each backup gets a folder of its own.");
        }

        // Made again at the end, by the renaming; where it cannot be removed it could not be renamed to either.
        Directory.Delete(_place);
    }

    /// <summary>Only what a backup has: should anybody have put something else there, the removal of the folder fails.</summary>
    private void Clear()
    {
        foreach (var folder in new[] { Images, Keys }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(Folder).Where(file =>
            Path.GetFileName(file) is BackupManifest.FileName or "sampleim.db" or "sampleim.db-journal"))
        {
            File.Delete(file);
        }
    }
}
