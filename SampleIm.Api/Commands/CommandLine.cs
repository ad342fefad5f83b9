using System.Reflection;
using SampleIm.Api.Commands.Backup;
using SampleIm.Api.Commands.Moving;

namespace SampleIm.Api.Commands;

/// <summary>
/// What the program's first word asks for. Settings begin with -- or have an = in them; what is neither has to be a command.
/// </summary>
public static class CommandLine
{
    private const int WrongArguments = 2;

    private const string Usage = """
        SampleIm, a chat that needs nothing but plain HTTP.

          dotnet run --project SampleIm.Api                  serves, at http://localhost:5080 where no setting says otherwise
          dotnet run --project SampleIm.Api -- backup …      backs up database, images and sign-in keys
          dotnet run --project SampleIm.Api -- restore …     restores a backup into an empty data folder
          dotnet run --project SampleIm.Api -- move …        moves everything to another database

        Each command has a --help of its own; --version says which version this is. Settings are in appsettings.json, in the
        environment (Data__Path=…) and here (--Data:Path=…); the README has the list.
        """;

    private static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly string[] s_help = ["--help", "-h", "-?"];

    /// <summary>
    /// Runs the command, and answers the exit code of the program; null where there is none, and the server is wanted.
    /// </summary>
    public static async Task<int?> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case [MoveCommand.Name, .. var rest]:
                return await MoveCommand.RunAsync(rest);
            case [BackupCommand.Name, .. var rest]:
                return await BackupCommand.RunAsync(rest);
            case [RestoreCommand.Name, .. var rest]:
                return await RestoreCommand.RunAsync(rest);
            case var words when words.Any(s_help.Contains):
                await Console.Out.WriteLineAsync(Usage);
                return 0;
            case var words when words.Contains("--version"):
                await Console.Out.WriteLineAsync($"SampleIm {Version}");
                return 0;
            case [var word, ..] when !word.StartsWith('-') && !word.StartsWith('/') && !word.Contains('='):
                await Console.Error.WriteLineAsync($"There is no command '{word}'.\n\n{Usage}");
                return WrongArguments;
            default:
                return null;
        }
    }
}
