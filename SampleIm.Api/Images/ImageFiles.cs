using SampleIm.Api.Storage;

namespace SampleIm.Api.Images;

/// <summary>
/// The files of the pictures, under <c>images/</c> in the data folder. A file is served only once its row is there, and the
/// row is written only once the file is whole and on the disk.
/// </summary>
public sealed class ImageFiles(DataFolder folder)
{
    private const int BufferSize = 64 * 1024;

    public string PathOf(string id) => Path.Combine(folder.Images.FullName, id);

    /// <summary>Writes a new file.</summary>
    /// <returns>Its size in bytes; null where the source has more than <paramref name="maxBytes"/>: the rest is not read.</returns>
    public async Task<long?> WriteAsync(string id, Stream source, long maxBytes, CancellationToken cancellation)
    {
        await using var file = new FileStream(PathOf(id), FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: true);
        var buffer = new byte[BufferSize];
        var size = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
        {
            size += read;
            if (size > maxBytes)
            {
                return null;
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        file.Flush(flushToDisk: true);
        return size;
    }

    public ImageHeader? ReadHeader(string id)
    {
        using var file = File.OpenRead(PathOf(id));
        return ImageHeader.Read(file);
    }

    /// <summary>Removes a file; that it is not there is fine.</summary>
    public void Remove(string id) => File.Delete(PathOf(id));

    /// <summary>The ids of the files last written before a moment.</summary>
    public IEnumerable<string> ListOlderThan(DateTimeOffset moment) =>
        folder.Images.EnumerateFiles().Where(file => file.LastWriteTimeUtc < moment.UtcDateTime).Select(file => file.Name);
}
