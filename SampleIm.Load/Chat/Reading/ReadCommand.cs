using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Chat.Reading;

/// <summary><c>read</c>: what one call of each kind takes, to compare a small database with a large one.</summary>
public static class ReadCommand
{
    public static Command Create()
    {
        var server = RunOptions.Server();
        var requests = RunOptions.Number(
            "--requests", "How many calls of each kind are counted; the views are loaded a tenth as often.", 500, 10, 10_000);
        var accounts = RunOptions.Accounts();
        var json = RunOptions.Json();
        var command = new Command(
            "read", "Calls one after the other: pages of the lobby at its end, middle and beginning, the poll, its first load, "
                + "sends. Compare it on databases of different size, made by fill.sh.")
        {
            server, requests, accounts, json,
        };
        command.SetAction((parsed, cancel) => RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
        {
            var plan = new ReadPlan(parsed.GetRequiredValue(server), parsed.GetValue(requests), parsed.GetValue(accounts));
            return (await ReadRun.RunAsync(plan, progress, cancel), true);
        }));
        return command;
    }
}
