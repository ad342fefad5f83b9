using System.CommandLine;
using System.Text.Json;
using SampleIm.Load.Commands;

namespace SampleIm.Tests.Load;

/// <summary>The load program, run in this process as from a command line.</summary>
public sealed record LoadProgramRun(int ExitCode, string Output, string Error)
{
    public static async Task<LoadProgramRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await LoadCommand.Create().Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return new LoadProgramRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command against a server, and reads the figures that it writes.</summary>
    public static async Task<(LoadProgramRun Run, JsonElement Figures)> MeasureAsync(Uri server, params string[] arguments)
    {
        var json = Path.GetTempFileName();
        try
        {
            var run = await OfAsync([.. arguments, "--server", server.AbsoluteUri, "--json", json]);
            var text = await File.ReadAllTextAsync(json);
            return (run, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
        }
        finally
        {
            File.Delete(json);
        }
    }
}
