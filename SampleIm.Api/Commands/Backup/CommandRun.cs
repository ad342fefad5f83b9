using System.Data.Common;
using SampleIm.Api.Commands.Moving;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Backup;

/// <summary>What <c>backup</c> and <c>restore</c> have in common: words, exit codes, one line for what went wrong.</summary>
public static class CommandRun
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongArguments = 2;

    /// <summary>Runs a command, and answers the exit code of the program.</summary>
    public static async Task<int> RunAsync(
        string[] arguments, string option, string usage, string verb, Func<string, string[], MoveProgress, Task> run)
    {
        var (words, fault) = CommandWords.Parse(arguments, [option], takesSettings: true);
        if (words is null)
        {
            await (fault is null ? Console.Out.WriteLineAsync(usage) : Console.Error.WriteLineAsync($"{fault}\n\n{usage}"));
            return fault is null ? Done : WrongArguments;
        }

        var progress = new MoveProgress(Console.Out, !Console.IsOutputRedirected);
        try
        {
            await run(Path.GetFullPath(words.Values[option]), words.Settings, progress);
            return Done;
        }
        catch (Exception refusal) when (refusal
            is StartupException or StorageUnavailableException or DbException or IOException or UnauthorizedAccessException)
        {
            progress.Leave();
            await Console.Error.WriteLineAsync($"SampleIm cannot {verb}. {refusal.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }
}
