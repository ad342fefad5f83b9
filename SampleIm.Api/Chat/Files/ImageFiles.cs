using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;


namespace SampleIm.Api.Chat.Files;

/// <summary>
/// The files of the images, under <c>images/</c> in the data folder. A file is served only once its row is there, and the
/// row is written only once the file is whole and on the disk.
/// </summary>
public sealed class ImageFiles(DataFolder folder)
{
    private const int BufferSize = 64 * 1024;

    public string PathOf(string id) => Path.Combine(folder.Images.FullName, id);

    /// <summary>Writes a new file.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="source">What it will hold.</param>
    /// <param name="hasRoom">Asked before each write whether the file may have so many bytes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">The disk is full or cannot be written.</exception>
    /// <returns>Its size in bytes; null where it may not have as many as the source has: the rest is not read.</returns>
    public async Task<long?> WriteAsync(string id, Stream source, Func<long, bool> hasRoom, CancellationToken cancellation)
    {
        // Without a buffer of its own: what the disk refused must not be tried again, and throw again, when the file is closed.
        await using var file = OnDisk(
            () => new FileStream(PathOf(id), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
        var buffer = new byte[BufferSize];
        var size = 0L;
        int read;
        while ((read = await source.ReadAtLeastAsync(buffer, BufferSize, throwOnEndOfStream: false, cancellation)) > 0)
        {
            size += read;
            if (!hasRoom(size))
            {
                return null;
            }

            OnDisk(() => file.Write(buffer.AsSpan(0, read)));
        }

        OnDisk(() => file.Flush(flushToDisk: true));
        return size;
    }

    public ImageHeader? ReadHeader(string id)
    {
        using var file = File.OpenRead(PathOf(id));
        return ImageHeader.Read(file);
    }

    /// <summary>Removes a file; that it is not there is fine.</summary>
    /// <exception cref="StorageUnavailableException">The disk cannot be written; the file goes with the next sweep.</exception>
    public void Remove(string id) => OnDisk(() => File.Delete(PathOf(id)));

    /// <summary>A fault of the disk is the server's, and no fault of what the client sent.</summary>
    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException(fault.Message, fault);
        }
    }

    private static void OnDisk(Action work) => OnDisk(() =>
    {
        work();
        return true;
    });

    /// <summary>The ids of the files last written at a time.</summary>
    public IEnumerable<string> ListWritten(DateTimeOffset from, DateTimeOffset before) => folder.Images.EnumerateFiles()
        .Where(file => file.LastWriteTimeUtc >= from.UtcDateTime && file.LastWriteTimeUtc < before.UtcDateTime)
        .Select(file => file.Name);
}
