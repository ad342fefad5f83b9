using System.Globalization;
using FsCheck;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>How much is tried, and which: the same seed makes the same requests. docs/testing.md has the commands.</summary>
public static class FuzzSettings
{
    /// <summary>Of a run by command; a server for the database is slower, and there is less that only it can get wrong.</summary>
    public static int Requests { get; } = Read("SAMPLEIM_FUZZ_REQUESTS", TestDatabase.IsMySql ? 1500 : 5000);

    public static int Seed { get; } = Read("SAMPLEIM_FUZZ_SEED", 20261120);

    /// <summary>
    /// A property that holds for this many values of the seed, or throws with the smallest for which it does not.
    /// </summary>
    public static void Check(Property property, int count) => property.Check(
        Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay((ulong)Seed, 1));

    private static int Read(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
