namespace SampleIm.Api.Storage;

/// <summary>Files and folders that only their owner can read: the data folder and a backup hold private messages and sign-in keys.</summary>
public static class OwnersOnly
{
    /// <summary>A folder that is there already stays as its owner made it.</summary>
    public static DirectoryInfo MakeFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>A new file, without a buffer.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
