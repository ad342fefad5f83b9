using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Hosting.Limit;

/// <summary><c>limit</c>: how close the poll comes to a web server that does nothing.</summary>
public static class LimitCommand
{
    public const string Name = "limit";

    public const string Serve = "--serve";

    public static Command Create()
    {
        var server = RunOptions.Server();
        var connections = RunOptions.Numbers(
            "--connections", "How many connections ask at once; several numbers are several comparisons.", [16, 64], 1, 1000);
        var rounds = RunOptions.Number("--rounds", "How often each of the two is measured, in turns.", 5, 1, 50);
        var seconds = RunOptions.Number("--seconds", "How long each turn takes.", 3, 1, 60);
        var accounts = RunOptions.Accounts();
        var pid = RunOptions.ServerPid();
        var json = RunOptions.Json();
        var serve =
            new Option<int?>(Serve) { Hidden = true, Description = "Be the bare endpoint, on this port, until the input ends." };
        var command = new Command(
            Name,
            "Compares GET /api/total with a bare Kestrel endpoint that answers as many bytes: 304 with ETag, 200 without, in "
                + "turns.")
        {
            server, connections, rounds, seconds, accounts, pid, json, serve,
        };
        command.SetAction((parsed, cancel) => parsed.GetValue(serve) is { } port
            ? BareEndpoint.ServeAsync(port, Console.In, Console.Out, cancel)
            : RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
            {
                var plan = new LimitPlan(
                    parsed.GetRequiredValue(server), parsed.GetRequiredValue(connections), parsed.GetValue(rounds),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    parsed.GetValue(accounts), parsed.GetValue(pid));
                var report = await LimitRun.RunAsync(plan, progress, cancel);
                return (report, report.All(comparison => comparison.IsGood));
            }));
        return command;
    }
}
