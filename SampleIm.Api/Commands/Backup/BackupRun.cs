using Microsoft.Data.Sqlite;
using SampleIm.Api.Commands.Moving;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Backup;

/// <summary>
/// Backs up the data of a server that may be running. The database of the backup is that of one moment, and the images are
/// exactly those that it knows. An image's file is there before its row and leaves after its row, so whatever row the
/// snapshot has, its file was there at that moment. One that was recalled since may be gone: then there is a newer
/// snapshot to take, which does not have it. As the images were copied before, little is left to happen in between.
/// </summary>
public sealed class BackupRun(DataPlaces source, BackupTarget target, MoveProgress progress)
{
    private const int MostSnapshots = 10;

    private readonly PictureCopies _pictures = new(source.Images, target.Images, progress);

    /// <exception cref="StartupException">What is there to be backed up is not whole.</exception>
    public async Task<BackupManifest> RunAsync()
    {
        using var live = new BackedUpDatabase(source.DatabaseFile, SqliteOpenMode.ReadWrite);
        await live.RefuseForeignAsync();
        await _pictures.CopyAsync(await live.ListPicturesAsync());
        var (madeAt, pictures) = await TakeSnapshotAsync(live);
        var images = _pictures.KeepOnly(pictures);
        // After the snapshot: whatever cookie belongs to one of its sessions was made with a key that is there by now.
        var keys = await CopyKeysAsync();

        progress.Say("checking the database");
        using var copy = new BackedUpDatabase(target.DatabaseFile, SqliteOpenMode.ReadOnly);
        var rows = await copy.CheckAsync();
        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, madeAt, await copy.ListSchemaAsync(), rows, await DigestedCopy.ReadAsync(
                target.DatabaseFile), images, keys);
        await manifest.WriteAsync(target.Folder);
        return manifest;
    }

    private async Task<(DateTimeOffset MadeAt, IReadOnlyList<PictureRow> Pictures)> TakeSnapshotAsync(BackedUpDatabase live)
    {
        for (var left = MostSnapshots; left > 0; left--)
        {
            progress.Say("copying the database");
            var madeAt = TimeProvider.System.GetUtcNow();
            await live.CopyToAsync(target.DatabaseFile);
            using var snapshot = new BackedUpDatabase(target.DatabaseFile, SqliteOpenMode.ReadOnly);
            var pictures = await snapshot.ListPicturesAsync();
            var missing = await _pictures.CopyAsync(pictures);
            if (missing.Count == 0)
            {
                return (madeAt, pictures);
            }

            await RefuseLostAsync(live, missing);
        }

        throw new StartupException($"Images were recalled during each of {MostSnapshots} tries. Try again.");
    }

    /// <summary>A recalled image's row was gone before its file; one whose row is still there was lost.</summary>
    private static async Task RefuseLostAsync(BackedUpDatabase live, IReadOnlyList<PictureRow> missing)
    {
        foreach (var picture in missing)
        {
            if (await live.FindUseAsync(picture) is { } use)
            {
                throw new StartupException($"The data folder is damaged: the file of the image {picture.Id} is missing or cut "
                    + "off. "
                    + (
                        use is ""
                            ? "It was not sent, and is forgotten within a day."
                            : $"Put it back, or recall {use}, which shows it."));
            }
        }
    }

    private async Task<IReadOnlyList<BackupFile>> CopyKeysAsync()
    {
        var keys = new List<BackupFile>();
        var files = Directory.Exists(source.Keys) ? Directory.GetFiles(source.Keys, "*.xml") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            keys.Add(await DigestedCopy.CopyAsync(file, Path.Combine(target.Keys, Path.GetFileName(file))));
        }

        return keys;
    }
}
