using System.CommandLine;

namespace SampleIm.Api.Commands.Moving;

/// <summary>The words after a command: its options, each of which has one value, and settings as the server takes them.</summary>
/// <param name="Values">By option.</param>
/// <param name="Settings">In pairs of name and value.</param>
public sealed record CommandWords(IReadOnlyDictionary<string, string> Values, string[] Settings)
{
    private static readonly string[] s_help = ["--help", "-h", "-?"];

    /// <summary>Reads <c>--option VALUE</c> or <c>--option=VALUE</c>, each once, and settings in the same two forms.</summary>
    /// <param name="arguments">The words.</param>
    /// <param name="names">The options, all of which have to be there.</param>
    /// <param name="takesSettings">Whether the command reads the server's settings.</param>
    /// <returns>The words, or else what is wrong with them; neither where help was asked for.</returns>
    public static (CommandWords? Words, string? Fault) Parse(string[] arguments, string[] names, bool takesSettings)
    {
        if (arguments.Any(s_help.Contains))
        {
            return (null, null);
        }

        var command = new Command("command") { TreatUnmatchedTokensAsErrors = false };
        // Any number is read, so that what is wrong with a number is said in the same words for all commands.
        var options = names.Select(name => new Option<string[]>(name) { Arity = ArgumentArity.ZeroOrMore }).ToList();
        options.ForEach(command.Add);
        var read = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var (settings, fault) = ReadSettings(read.UnmatchedTokens, takesSettings);
        fault ??= options.Select(option => ValidateGiven(read, option)).FirstOrDefault(wrong => wrong is not null);
        fault ??= options.Where(option => read.GetResult(option) is null).Select(option => $"{option.Name} is missing.")
            .FirstOrDefault();
        return fault is null
            ? (new CommandWords(options.ToDictionary(option => option.Name, option => read.GetValue(option)![0]), settings), null)
            : (null, fault);
    }

    private static string? ValidateGiven(ParseResult read, Option<string[]> option) => read.GetResult(option) switch
    {
        null => null,
        { IdentifierTokenCount: > 1 } => $"{option.Name} is there twice.",
        { Tokens: [] or [{ Value: "" }] } or { Tokens: [{ Value: ['-', '-', ..] }, ..] } => $"{option.Name} has no value.",
        { Tokens: [_, var second, ..] } => $"{second.Value} is not an argument.",
        _ => null,
    };

    private static (string[] Settings, string? Fault) ReadSettings(IReadOnlyList<string> tokens, bool areTaken)
    {
        var words = tokens.SelectMany(token => IsOption(token) ? token.Split('=', 2) : [token]);
        foreach (var pair in words.Chunk(2))
        {
            var fault = pair switch
            {
                _ when !(areTaken && IsSetting(pair[0])) => $"{pair[0]} is not an argument.",
                [_] or [_, ""] => $"{pair[0]} has no value.",
                _ => null,
            };
            if (fault is not null)
            {
                return ([], fault);
            }
        }

        return ([.. words], null);
    }

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    private static bool IsSetting(string word) =>
        IsOption(word) && (word.Contains(':', StringComparison.Ordinal) || word is "--environment" or "--urls");
}
