using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;

namespace SampleIm.Load.Commands;

/// <summary>Runs a command and reports: on the console, to a file, and by the exit code.</summary>
public static class RunReport
{
    /// <summary>The run was as it should be.</summary>
    public const int Good = 0;

    /// <summary>The run could not be made.</summary>
    public const int NotRun = 1;

    /// <summary>The run was made and found something wrong.</summary>
    public const int Bad = 2;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="parsed">Where to write.</param>
    /// <param name="json">A file for the figures, or null.</param>
    /// <param name="runAsync">Makes the run, and answers its figures and whether they are good.</param>
    public static async Task<int> MakeAsync<TReport>(
        ParseResult parsed, string? json, Func<Progress, Task<(TReport Report, bool IsGood)>> runAsync)
    {
        var output = parsed.InvocationConfiguration.Output;
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            var (report, isGood) = await runAsync(new Progress(output, output != Console.Out || Console.IsOutputRedirected));
            if (json is not null)
            {
                await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, s_json));
            }

            return isGood ? Good : Bad;
        }
        catch (LoadException fault)
        {
            await error.WriteLineAsync(fault.Message);
            return NotRun;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"--json: {fault.Message}");
            return NotRun;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return NotRun;
        }
    }

    /// <summary>Shows requests of one kind.</summary>
    public static void Say(this Progress progress, string kind, RequestFigures figures)
    {
        progress.Say(FormattableString.Invariant($"{kind}: {figures.PerSecond} a second, {figures.LatencyMs}"));
        progress.Say($"  errors: {figures.DescribeErrors()}");
        progress.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  bytes in {figures.BytesIn}, out {figures.BytesOut}; of the time the generator was late by "
                + $"{figures.GeneratorLateMs}"));
        if (figures.GeneratorLateMs.P99 > 10)
        {
            progress.Say("  The generator itself could not keep up: these latencies are not the server's alone.");
        }
    }

    /// <summary>Shows what the run took.</summary>
    public static void Say(this Progress progress, RunUsage usage)
    {
        progress.Say(usage.Server is { } server
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"server (process {server.Pid}): {server.CpuPercent} % of a core, {server.PeakMemoryMb} MB at most")
            : "server: its process was not found; name it by --server-pid");
        progress.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"generator: {usage.Generator.CpuPercent} % of a core, {usage.Generator.PeakMemoryMb} MB at most"));
    }

    /// <summary>Shows an audit.</summary>
    public static void SayAudit(this Progress progress, long acknowledged, IReadOnlyList<string> faults) => progress.Say(
        $"audit of {acknowledged} acknowledged messages: {(faults.Count == 0 ? "clean" : string.Join("; ", faults))}");
}
