using System.Text.RegularExpressions;

namespace SampleIm.Tests.Documents;

/// <summary>A request of an .http file, its <c>{{…}}</c> still in it.</summary>
/// <param name="Title">The text after <c>###</c>.</param>
/// <param name="Name">The name by which later requests refer to its answer.</param>
/// <param name="Method">GET, POST, …</param>
/// <param name="Url">With <c>{{server}}</c>.</param>
/// <param name="Headers">In their order.</param>
/// <param name="Body">Below the empty line.</param>
public sealed record HttpFileRequest(
    string Title, string? Name, string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, string Body);

/// <summary>An .http file as editors read one.</summary>
public static partial class HttpFile
{
    public static IReadOnlyList<HttpFileRequest> Read(string path) =>
        Title().Split(File.ReadAllText(path).ReplaceLineEndings("\n")).Skip(1).Chunk(2)
            .Select(part => Read(part[0].Trim(), part[1])).ToList();

    private static HttpFileRequest Read(string title, string text)
    {
        var lines = text.Trim('\n').Split('\n');
        var comments = lines.TakeWhile(line => line.StartsWith('#')).ToList();
        var name = comments.Select(line => Name().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
        var request = lines[comments.Count].Split(' ', 2);
        var headers = lines.Skip(comments.Count + 1).TakeWhile(line => line.Length > 0).Select(line => line.Split(": ", 2))
            .ToList();
        var body = string.Join('\n', lines.Skip(comments.Count + 1 + headers.Count + 1));
        return new HttpFileRequest(title, name, request[0], request[1], headers.ConvertAll(pair => (pair[0], pair[1])), body);
    }

    [GeneratedRegex("^###(.*)$", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex("^# @name (\\w+)$")]
    private static partial Regex Name();
}
