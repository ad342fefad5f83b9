using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Commands.Backup;

/// <summary>
/// Where a server with these settings keeps everything. Nothing is made: a mistyped path is not to become a folder.
/// </summary>
/// <param name="Folder">The data folder.</param>
/// <param name="DatabaseFile">The SQLite file, in the data folder or elsewhere.</param>
public sealed record DataPlaces(string Folder, string DatabaseFile)
{
    public string Images => Path.Combine(Folder, "images");

    public string Keys => Path.Combine(Folder, "keys");

    /// <summary>Reads the settings as the server does: file, environment, command line.</summary>
    /// <exception cref="StartupException">A setting is wrong, or the database is no file.</exception>
    public static DataPlaces Read(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        builder.AddSettings<DataOptions>("Data");
        builder.AddSettings<DatabaseOptions>("Database");
        using var services = builder.Services.BuildServiceProvider();
        var folder = Path.GetFullPath(services.GetRequiredService<IOptions<DataOptions>>().Value.Path);
        var database = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        if (database.Provider is DatabaseProvider.MySql)
        {
            throw new StartupException(
                "Database:Provider=MySql: such a database is backed up and restored with its own programs, mariadb-dump "
                    + "--single-transaction and mariadb, "
                + "and images/ and keys/ of the data folder are copied. docs/backup.md has the commands.");
        }

        return new(
            folder,
            database.ConnectionString is { Length: > 0 } connectionString
                ? FileOf(connectionString)
                : DataFolder.DatabaseFileIn(folder));
    }

    private static string FileOf(string connectionString)
    {
        var file = SqliteDialect.FileOf(connectionString);
        return file is not (null or "" or ":memory:") && !file.StartsWith("file:", StringComparison.Ordinal)
            ? Path.GetFullPath(file)
            : throw new StartupException("Database:ConnectionString: it names no file.");
    }
}
