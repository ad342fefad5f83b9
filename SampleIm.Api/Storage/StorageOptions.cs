using System.ComponentModel.DataAnnotations;

namespace SampleIm.Api.Storage;

/// <summary>Section <c>Data</c>.</summary>
public sealed class DataOptions
{
    /// <summary>Folder for the database file, images and keys; made if missing. Relative to the working folder.</summary>
    [Required, RegularExpression("[^\\0]*")]
    public string Path { get; set; } = "data";
}

public enum DatabaseProvider
{
    /// <summary>Embedded: one file, one server.</summary>
    Sqlite,

    /// <summary>MySQL 8 or MariaDB 10.6 and newer.</summary>
    MySql,
}

/// <summary>Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Which database the program runs on.</summary>
    [EnumDataType(typeof(DatabaseProvider))]
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>How to reach it; without one, a SQLite file in the data folder.</summary>
    public string? ConnectionString { get; set; }
}
