using Microsoft.Data.Sqlite;
using SampleIm.Api.Commands.Moving;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Backup;

/// <summary>
/// Restores a backup into an empty data folder. All of the backup is read and checked before anything is written.
/// </summary>
public sealed class RestoreRun(string backup, RestoreTarget target, MoveProgress progress)
{
    private string DatabaseFile(BackupManifest manifest) => Path.Combine(backup, manifest.Database.Name);

    /// <exception cref="StartupException">The backup is damaged or newer than the program, or the target is in use.</exception>
    public async Task<BackupManifest> RunAsync()
    {
        target.RefuseUsed();
        var manifest = await BackupManifest.ReadAsync(backup);
        await CheckFilesAsync(manifest);
        await CheckDatabaseAsync(manifest);

        using var servers = target.Begin();
        try
        {
            await CopyAsync(manifest);
        }
        catch
        {
            target.Clear();
            target.End();
            throw;
        }

        target.End();
        return manifest;
    }

    private IEnumerable<(string From, string To, BackupFile File)> ListFiles(BackupManifest manifest) =>
    [
        .. manifest.Images.Select(
            file => (Path.Combine(backup, "images", file.Name), Path.Combine(target.Places.Images, file.Name), file)),
        .. manifest.Keys.Select(
            file => (Path.Combine(backup, "keys", file.Name), Path.Combine(target.Places.Keys, file.Name), file)),
        (DatabaseFile(manifest), target.Places.DatabaseFile, manifest.Database),
    ];

    private async Task CheckFilesAsync(BackupManifest manifest)
    {
        progress.Begin("checking files", manifest.Images.Count + manifest.Keys.Count + 1);
        foreach (var (from, _, file) in ListFiles(manifest))
        {
            try
            {
                Refuse(await DigestedCopy.ReadAsync(from) == file, $"'{from}' is not what was backed up");
            }
            catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new StartupException($"The backup is damaged: '{from}' is missing.");
            }

            progress.Advance(1);
        }

        progress.End();
    }

    private async Task CheckDatabaseAsync(BackupManifest manifest)
    {
        progress.Say("checking the database");
        using var database = new BackedUpDatabase(DatabaseFile(manifest), SqliteOpenMode.ReadOnly);
        await database.RefuseForeignAsync();
        var rows = await database.CheckAsync();
        Refuse(
            rows.OrderBy(table => table.Key, StringComparer.Ordinal)
                .SequenceEqual(manifest.Rows.OrderBy(table => table.Key, StringComparer.Ordinal)),
            $"the database has other numbers of rows than {BackupManifest.FileName} says");
        var pictures = (await database.ListPicturesAsync()).ToHashSet();
        Refuse(pictures.SetEquals(manifest.Images.Select(file => new PictureRow(file.Name, file.Size))),
            $"the database knows other images than {BackupManifest.FileName}");
    }

    private async Task CopyAsync(BackupManifest manifest)
    {
        progress.Begin("restoring files", manifest.Images.Count + manifest.Keys.Count + 1);
        foreach (var (from, to, file) in ListFiles(manifest))
        {
            var copy = await DigestedCopy.CopyAsync(from, to);
            Refuse(copy with { Name = file.Name } == file, $"'{from}' could not be read again");
            progress.Advance(1);
        }

        progress.End();
    }

    private static void Refuse(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw new StartupException($"The backup is damaged: {fault}.");
        }
    }
}
