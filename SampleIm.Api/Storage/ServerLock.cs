using Dapper;
using SampleIm.Api.Storage.Disk;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Storage;

/// <summary>
/// Keeps a second server away from a SQLite file: each would answer polls from a memory that knows nothing of the other's
/// commits. The lock is the operating system's, on a file beside the database, so it ends with the process however that
/// ends. Commands that only read the database beside a running server do not take it.
/// </summary>
public sealed class ServerLock(Database database) : IDisposable
{
    private const string FileSuffix = ".lock";

    private FileStream? _lock;

    /// <summary>Takes the lock for as long as this lives; a database server needs none.</summary>
    /// <exception cref="StartupException">Another server has it, or the folder cannot be written.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        if (database.Dialect is SqliteDialect && await FindFileAsync(cancellation) is { Length: > 0 } file)
        {
            _lock = Take(file);
        }
    }

    /// <summary>Takes the lock on a database file, which need not be there yet, until the answer is disposed.</summary>
    /// <exception cref="StartupException">Another server has it, or the folder cannot be written.</exception>
    public static FileStream Take(string databaseFile)
    {
        try
        {
            OwnersOnly.RefuseLink(PathOf(databaseFile));
            return new FileStream(PathOf(databaseFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (IsTaken(fault))
        {
            throw new StartupException(
                $"Another server runs on the database '{databaseFile}'. A SQLite database has one server: stop the other, or "
                + "use MySql.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The folder of the database cannot be written: {fault.Message}");
        }
    }

    /// <summary>
    /// The file that is locked. It stays when the lock ends: removing it would let two servers lock two files of this name.
    /// </summary>
    public static string PathOf(string databaseFile) => databaseFile + FileSuffix;

    public void Dispose() => _lock?.Dispose();

    /// <summary>As SQLite itself names the file: absolute, links followed; empty where the database is in memory.</summary>
    private async Task<string?> FindFileAsync(CancellationToken cancellation)
    {
        try
        {
            var databases = await database.ReadAsync(connection => connection.QueryAsync<(long Seq, string Name, string? File)>(
                "/* Sqlite.File */ PRAGMA database_list"), cancellation);
            return databases.Single(row => row.Name is "main").File;
        }
        catch (StorageUnavailableException fault)
        {
            throw new StartupException($"The database cannot be opened: {FullDisk.Explain(fault)}");
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of the BSDs, and the sharing violation of Windows.</summary>
    private static bool IsTaken(IOException fault) => (fault.HResult & 0xFFFF) is 11 or 35 or 32;
}
