using Microsoft.Data.Sqlite;
using MySql.Data.MySqlClient;
using static SQLitePCL.raw;

namespace SampleIm.Api.Storage.Disk;

/// <summary>
/// Knows a disk that is full, or a quota that is used up, from other faults: what to do about it is another thing.
/// </summary>
public static class FullDisk
{
    /// <summary>The index of the write-ahead log could not be extended, which SQLite reports as a fault of its own.</summary>
    private const int LogIndexCannotGrow = SQLITE_IOERR | (19 << 8);

    // errno of Linux, where .NET keeps it as it is, and the codes of Windows.
    private const int NoSpace = 28;
    private const int QuotaUsedUp = 122;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether it is what lies behind a fault.</summary>
    public static bool IsCauseOf(Exception fault) => fault switch
    {
        StorageUnavailableException { InnerException: { } inner } => IsCauseOf(inner),
        SqliteException refused =>
            refused.SqliteErrorCode is SQLITE_FULL || refused.SqliteExtendedErrorCode is LogIndexCannotGrow,
        MySqlException refused => refused.Number is (int)MySqlErrorCode.DiskFull or (int)MySqlErrorCode.RecordFileFull,
        IOException refused => refused.HResult is NoSpace or QuotaUsedUp or WindowsDiskFull or WindowsHandleDiskFull,
        _ => false,
    };

    /// <summary>What an operator reads of a fault: the databases have many words for the same thing.</summary>
    public static string Explain(Exception fault) => IsCauseOf(fault) ? $"The disk is full. ({fault.Message})" : fault.Message;
}
