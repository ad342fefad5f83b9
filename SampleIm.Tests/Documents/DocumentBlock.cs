using System.Text.RegularExpressions;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Documents;

/// <summary>A fenced block of a Markdown file.</summary>
/// <param name="File">Where it stands, from the root of the repository.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Language">The first word after the fence.</param>
/// <param name="Mark">What follows it, which no reader sees: how a test runs the block, or why none does.</param>
/// <param name="Text">The lines between the fences.</param>
public sealed partial record DocumentBlock(string File, int Line, string Language, string Mark, string Text)
{
    /// <summary>All blocks of the README files and of <c>docs/</c>.</summary>
    public static IReadOnlyList<DocumentBlock> List()
    {
        var root = TestMachine.RepositoryPath;
        return Directory.GetFiles(root, "README*.md")
            .Concat(Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .SelectMany(
                path => ListOf(Path.GetRelativePath(root, path), System.IO.File.ReadAllText(path).ReplaceLineEndings("\n")))
            .ToList();
    }

    private static IEnumerable<DocumentBlock> ListOf(string file, string text) =>
        Fence().Matches(text).Select(block => new DocumentBlock(
        file,
        text.AsSpan(0, block.Groups["text"].Index).Count('\n') + 1,
        block.Groups["language"].Value,
        block.Groups["mark"].Value,
        block.Groups["text"].Value));

    [GeneratedRegex(
        "^```(?<language>[a-z]*) ?(?<mark>[^\n]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
