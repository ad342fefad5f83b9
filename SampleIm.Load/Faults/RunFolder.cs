namespace SampleIm.Load.Faults;

/// <summary>Where the run keeps its data: a folder that was named and stays, or one of its own that goes with the run.</summary>
public sealed class RunFolder : IDisposable
{
    private RunFolder(string path, bool isKept) => (Path, IsKept) = (path, isKept);

    public string Path { get; }

    /// <summary>Whether it is there after the run.</summary>
    public bool IsKept { get; set; }

    /// <exception cref="LoadException">It cannot be made.</exception>
    public static RunFolder Open(string? path)
    {
        try
        {
            return path is null
                ? new RunFolder(Directory.CreateTempSubdirectory("sampleim-faults-").FullName, isKept: false)
                : new RunFolder(Directory.CreateDirectory(path).FullName, isKept: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadException($"--data: {fault.Message}");
        }
    }

    public void Dispose()
    {
        if (!IsKept)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
