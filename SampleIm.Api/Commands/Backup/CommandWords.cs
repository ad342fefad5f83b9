namespace SampleIm.Api.Commands.Backup;

/// <summary>The words after a command: its one folder, and settings as the server takes them.</summary>
public sealed record CommandWords(string Folder, string[] Settings)
{
    /// <summary>Reads <c>--option FOLDER</c> or <c>--option=FOLDER</c> once, and settings in the same two forms.</summary>
    /// <returns>The words, or else what is wrong with them; neither where help was asked for.</returns>
    public static (CommandWords? Words, string? Fault) Parse(string[] arguments, string option)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            return (null, null);
        }

        var words = arguments.SelectMany(word => word.StartsWith("--", StringComparison.Ordinal) ? word.Split('=', 2) : [word])
            .ToList();
        string? folder = null;
        var settings = new List<string>();
        foreach (var pair in words.Chunk(2))
        {
            var fault = pair switch
            {
                _ when pair[0] != option && !IsSetting(pair[0]) => $"{pair[0]} is not an argument.",
                [_] or [_, ""] => $"{pair[0]} has no value.",
                _ when pair[0] == option && folder is not null => $"{option} is there twice.",
                _ => null,
            };
            if (fault is not null)
            {
                return (null, fault);
            }

            if (pair[0] == option)
            {
                folder = pair[1];
            }
            else
            {
                settings.AddRange(pair);
            }
        }

        return folder is null
            ? (null, $"{option} is missing.")
            : (new CommandWords(Path.GetFullPath(folder), [.. settings]), null);
    }

    private static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal)
            && (word.Contains(':', StringComparison.Ordinal) || word is "--environment" or "--urls");
}
