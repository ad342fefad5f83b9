using System.Security.Cryptography;
using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.Commands.Backup;

/// <summary>Copies files and takes their digest on the way.</summary>
public static class DigestedCopy
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Copies a file to a new one. Returns once it is on the disk.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    public static async Task<BackupFile> CopyAsync(string from, string to)
    {
        await using var source = Open(from);
        await using var target = OwnersOnly.Create(to);
        var file = await DigestAsync(source, Path.GetFileName(to), target);
        target.Flush(flushToDisk: true);
        return file;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    public static async Task<BackupFile> ReadAsync(string path)
    {
        await using var source = Open(path);
        return await DigestAsync(source, Path.GetFileName(path), Stream.Null);
    }

    // Shared with anyone who removes it meanwhile: what is open stays whole.
    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static async Task<BackupFile> DigestAsync(Stream source, string name, Stream target)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var size = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer)) > 0)
        {
            digest.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read));
            size += read;
        }

        return new BackupFile(name, size, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }
}
