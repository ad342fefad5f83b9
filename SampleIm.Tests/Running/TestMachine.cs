using System.Reflection;

[assembly: Parallelize(Workers = 4, Scope = ExecutionScope.ClassLevel)]

namespace SampleIm.Tests.Running;

public static class TestMachine
{
    /// <summary>In CI a missing browser or server is a failure; by hand the tests that need it are inconclusive.</summary>
    public static void Lacks(string what)
    {
        if (Environment.GetEnvironmentVariable("CI") is "true")
        {
            Assert.Fail($"{what} is missing.");
        }

        Assert.Inconclusive($"{what} is missing.");
    }

    /// <summary>The program as it was built together with the tests.</summary>
    public static string ProgramPath { get; } = Metadata("ProgramPath");

    /// <summary>The root of the repository.</summary>
    public static string RepositoryPath { get; } = Metadata("RepositoryPath");

    /// <summary>A folder of one test's own, under the system's folder for temporary files.</summary>
    public static string MakeFolder() => Directory.CreateTempSubdirectory("sampleim-test-").FullName;

    private static string Metadata(string key) => typeof(TestMachine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
