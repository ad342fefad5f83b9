using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace SampleIm.Load;

/// <summary><c>send</c>: how many durable sends a second, and whether each is there afterwards.</summary>
public static class SendCommand
{
    private const int MostSenders = 1000;
    private const int LongestRunS = 600;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var server = new Option<Uri>("--server")
        {
            Description = "Where the server listens; a loopback address.",
            DefaultValueFactory = _ => new Uri("http://127.0.0.1:5080"),
            CustomParser = result => ParseAddress(result),
        };
        var senders = new Option<int[]>("--senders")
        {
            Description = $"How many send at the same time, 1 to {MostSenders}; several numbers are several runs, one after the other.",
            DefaultValueFactory = _ => [1, 16, 64],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<int>("--seconds") { Description = $"How long each run takes, 1 to {LongestRunS}.", DefaultValueFactory = _ => 10 };
        var json = new Option<FileInfo?>("--json") { Description = "A file to write the figures to." };
        senders.Validators.Add(result =>
        {
            if (result.GetValue(senders)!.Any(count => count is < 1 or > MostSenders))
            {
                result.AddError($"--senders takes numbers from 1 to {MostSenders}.");
            }
        });
        seconds.Validators.Add(result =>
        {
            if (result.GetValue(seconds) is < 1 or > LongestRunS)
            {
                result.AddError($"--seconds takes a number from 1 to {LongestRunS}.");
            }
        });
        var command = new Command("send", "Sends messages into the lobby, each sender one after the other, and reads them back: every acknowledged one has to be there once, in order, with its text.")
        {
            server, senders, seconds, json,
        };
        command.SetAction(parsed => RunAsync(
            parsed.GetRequiredValue(server), parsed.GetRequiredValue(senders), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(json)));
        return command;
    }

    private static Uri? ParseAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address))
        {
            return address;
        }

        result.AddError("--server takes an address such as http://127.0.0.1:5080.");
        return null;
    }

    private static async Task<int> RunAsync(Uri server, int[] senders, TimeSpan duration, FileInfo? json)
    {
        var reports = new List<SendReport>();
        Console.WriteLine("senders   a second      p50      p90      p99      max  errors  audit");
        try
        {
            foreach (var count in senders)
            {
                var report = await SendRun.RunAsync(server, count, duration);
                reports.Add(report);
                var time = report.LatencyMs;
                Console.WriteLine(
                    $"{report.Senders,7} {report.PerSecond,10} {time.P50,8} {time.P90,8} {time.P99,8} {time.Max,8} {report.Errors,7}  {(report.AuditFaults.Count == 0 ? "clean" : string.Join("; ", report.AuditFaults))}");
            }
        }
        catch (LoadException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }

        if (json is not null)
        {
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(reports, s_json));
        }

        return reports.All(report => report.Errors == 0 && report.AuditFaults.Count == 0) ? 0 : 1;
    }
}
