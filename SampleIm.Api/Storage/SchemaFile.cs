using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace SampleIm.Api.Storage;

/// <summary>One numbered file of <c>sql/</c>, as embedded in the program.</summary>
/// <param name="Name">File name, <c>0001_initial.sql</c>.</param>
/// <param name="Text">Its statements.</param>
public sealed record SchemaFile(string Name, string Text)
{
    /// <summary>SHA-256 of the text, in hexadecimal: an edit after the file has landed shows.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));

    /// <summary>The files of one dialect (<c>sqlite</c>), in the order in which they are applied.</summary>
    public static IReadOnlyList<SchemaFile> List(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"sql/{dialect}/";
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && char.IsAsciiDigit(name[prefix.Length]))
            .Order(StringComparer.Ordinal)
            .Select(name => new SchemaFile(name[prefix.Length..], Read(assembly, name)))
            .ToList();
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
