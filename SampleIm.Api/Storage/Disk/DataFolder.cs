using Microsoft.Extensions.Options;

namespace SampleIm.Api.Storage.Disk;

/// <summary>
/// Where everything lies that must outlive the process. The folders are made when they are missing, for their owner alone.
/// </summary>
public sealed partial class DataFolder
{
    public DataFolder(IOptions<DataOptions> options, ILogger<DataFolder> logger)
    {
        Path = System.IO.Path.GetFullPath(options.Value.Path);
        try
        {
            // By itself: folders above the one asked for are made for everybody.
            OwnersOnly.MakeFolder(Path);
            Keys = OwnersOnly.MakeFolder(System.IO.Path.Combine(Path, "keys"));
            Images = OwnersOnly.MakeFolder(System.IO.Path.Combine(Path, "images"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Data:Path: the folder '{Path}' cannot be made or written: {fault.Message}");
        }

        LogFolder(logger, Path);
    }

    public string Path { get; }

    /// <summary>Data-protection keys: who has them can forge a sign-in.</summary>
    public DirectoryInfo Keys { get; }

    public DirectoryInfo Images { get; }

    public string DatabaseFile => DatabaseFileIn(Path);

    /// <summary>Where the database lies unless <c>Database:ConnectionString</c> says otherwise.</summary>
    public static string DatabaseFileIn(string path) => System.IO.Path.Combine(path, "sampleim.db");

    [LoggerMessage(Level = LogLevel.Information, Message = "Everything is kept in {Path}")]
    private static partial void LogFolder(ILogger logger, string path);
}
