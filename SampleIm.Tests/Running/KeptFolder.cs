namespace SampleIm.Tests.Running;

/// <summary>A copy of a data folder, for a second run of the program over what a first one left.</summary>
public sealed class KeptFolder : IDisposable
{
    public KeptFolder(string source)
    {
        Path = TestMachine.MakeFolder();
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
