using SampleIm.Api.Commands.Moving;


namespace SampleIm.Api.Commands.Backup;

/// <summary>The images of a backup, copied from a server that goes on receiving and recalling others.</summary>
public sealed class PictureCopies(string source, string target, MoveProgress progress)
{
    private readonly Dictionary<string, BackupFile> _copies = [];

    /// <summary>
    /// Copies those that are not copied yet. Answers those that could not be, because their file is gone or another.
    /// </summary>
    public async Task<IReadOnlyList<PictureRow>> CopyAsync(IEnumerable<PictureRow> pictures)
    {
        var missing = new List<PictureRow>();
        var left = pictures.Where(picture => !_copies.ContainsKey(picture.Id)).ToList();
        if (left.Count == 0)
        {
            return [];
        }

        progress.Begin("copying images", left.Count);
        foreach (var picture in left)
        {
            if (await TryCopyAsync(picture.Id) is { } copy && copy.Size == picture.Size)
            {
                _copies.Add(picture.Id, copy);
            }
            else
            {
                File.Delete(Path.Combine(target, picture.Id));
                missing.Add(picture);
            }

            progress.Advance(1);
        }

        progress.End();
        return missing;
    }

    /// <summary>What was recalled since it was copied leaves the backup as well.</summary>
    public IReadOnlyList<BackupFile> KeepOnly(IReadOnlyList<PictureRow> pictures)
    {
        var kept = pictures.Select(picture => picture.Id).ToHashSet();
        foreach (var id in _copies.Keys.Where(id => !kept.Contains(id)).ToList())
        {
            File.Delete(Path.Combine(target, id));
            _copies.Remove(id);
        }

        return [.. _copies.Values.OrderBy(copy => copy.Name, StringComparer.Ordinal)];
    }

    private async Task<BackupFile?> TryCopyAsync(string id)
    {
        try
        {
            return await DigestedCopy.CopyAsync(Path.Combine(source, id), Path.Combine(target, id));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
