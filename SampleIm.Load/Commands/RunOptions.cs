using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SampleIm.Load.Commands;

/// <summary>Options that several commands share, each new for its command, with what is refused and why.</summary>
public static class RunOptions
{
    public const int LongestRunS = 600;

    public static Option<ServerAddress> Server() => new("--server")
    {
        HelpName = "address",
        Description = "Where the server listens; a loopback address without TLS.",
        DefaultValueFactory = _ => ServerAddress.Parse("http://127.0.0.1:5080").Address!,
        CustomParser = result =>
        {
            var (address, fault) = ServerAddress.Parse(result.Tokens[0].Value);
            if (fault is not null)
            {
                result.AddError(fault);
            }

            return address;
        },
    };

    public static Option<int> Seconds(int usual) => Number("--seconds", "How long requests are counted.", usual, 1, LongestRunS);

    public static Option<int> WarmUp(int usual) =>
        Number(
            "--warm-up",
            "Seconds of the same load before, which are not counted: the server compiles and fills its memory. Errors count.",
            usual, 0, 60);

    public static Option<string?> Accounts() => new("--accounts")
    {
        HelpName = "file",
        Description =
            "A file that keeps the accounts of this run for the next one. Registering costs the server a password hash each; "
                + "signing in by a kept cookie costs nothing. Made if missing.",
    };

    public static Option<int?> ServerPid() => new("--server-pid")
    {
        HelpName = "number",
        Description = "The server's process, whose CPU and memory are reported. Found by the port where it is not given (Linux).",
    };

    public static Option<string?> Json()
    {
        var option =
            new Option<string?>("--json")
            {
                HelpName = "file",
                Description = "A file to write the figures to, with all that is "
                + "shown and more."
            };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is { } path
                && Path.GetDirectoryName(Path.GetFullPath(path)) is var folder
                && !Directory.Exists(folder))
            {
                result.AddError($"--json: there is no folder {folder}.");
            }
        });
        return option;
    }

    public static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name)
        {
            HelpName = "number",
            Description = $"{description} {least} to {most}.",
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(result, name, least, most),
        };
        return option;
    }

    public static Option<int[]> Numbers(string name, string description, int[] usual, int least, int most)
    {
        var option = new Option<int[]>(name)
        {
            HelpName = "numbers",
            Description = $"{description} {least} to {most} each.",
            DefaultValueFactory = _ => usual,
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. result.Tokens.Select(token => Parse(result, token.Value, name, least, most))],
        };
        return option;
    }

    private static int Parse(ArgumentResult result, string name, int least, int most) =>
        Parse(result, result.Tokens[0].Value, name, least, most);

    private static int Parse(ArgumentResult result, string text, string name, int least, int most)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most)
        {
            return number;
        }

        result.AddError($"{name} takes a number from {least} to {most}, and not '{text}'.");
        return least;
    }
}
