using SampleIm.Tests.Running;

namespace SampleIm.Tests.Documents;

/// <summary>The formatter breaks no lines.</summary>
[TestClass]
public sealed class LineLengthTests
{
    private const int Most = 130;

    [TestMethod]
    [DataRow("SampleIm.Api")]
    [DataRow("SampleIm.Load")]
    [DataRow("SampleIm.Tests")]
    public void Lines_OfCodeAndComments_FitOnAScreen(string project)
    {
        var folder = Path.Combine(TestMachine.RepositoryPath, project);
        var files = Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path) is not ("bin" or "obj"))
            .SelectMany(path => Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)).ToList();
        Assert.IsGreaterThan(20, files.Count);
        var tooLong = files.SelectMany(file => File.ReadLines(file).Select((line, index) => (line, index))
            .Where(entry => entry.line.Length > Most).Select(entry => $"{file}:{entry.index + 1}")).ToList();
        Assert.IsEmpty(tooLong, string.Join('\n', tooLong));
    }
}
