using System.Data.Common;
using System.Globalization;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Moving;

/// <summary>The program's command <c>move</c>, which runs instead of the server.</summary>
public static class MoveCommand
{
    public const string Name = "move";

    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongArguments = 2;

    /// <summary>Runs it, and answers the exit code of the program.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (parsed, fault) = MoveArguments.Parse(arguments);
        if (parsed is null)
        {
            await (
                fault is null
                    ? Console.Out.WriteLineAsync(MoveArguments.Usage)
                    : Console.Error.WriteLineAsync($"{fault}\n\n{MoveArguments.Usage}"));
            return fault is null ? Done : WrongArguments;
        }

        var progress = new MoveProgress(Console.Out, !Console.IsOutputRedirected);
        try
        {
            using var source = MoveEnds.OpenSource(parsed);
            using var target = MoveEnds.OpenTarget(parsed);
            return Report(await new Move(source, target, progress).RunAsync());
        }
        catch (StartupException refusal)
        {
            progress.Leave();
            await Console.Error.WriteLineAsync($"SampleIm cannot move. {refusal.Message}");
        }
        catch (Exception outage) when (outage is StorageUnavailableException or DbException)
        {
            progress.Leave();
            await Console.Error.WriteLineAsync(
                $"The move was interrupted: {outage.Message} Run the same move again: it goes on from here.");
        }

        return Failed;
    }

    private static int Report(IReadOnlyList<TableComparison> tables)
    {
        Console.WriteLine();
        WriteRow("table", "source", "target", "content");
        foreach (var table in tables)
        {
            WriteRow(
                table.Table, ToText(table.Source.Rows), ToText(table.Target.Rows),
                table.IsSame ? $"same, {table.Source.Checksum[..16]}" : "DIFFERS");
        }

        Console.WriteLine();
        if (!tables.All(table => table.IsSame))
        {
            Console.Error.WriteLine(
                "The databases are not the same. Stop every server on both and run the same move again: it starts over.");
            return Failed;
        }

        Console.WriteLine("""
            All of it was moved. Images and sign-in keys are files, not rows: copy the folders images/ and keys/ of the data
            folder (Data:Path) to that of the new server before it starts.
            """);
        return Done;
    }

    private static void WriteRow(string table, string source, string target, string content) =>
        Console.WriteLine($"{table,-16}{source,12}{target,12}  {content}");

    private static string ToText(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);
}
