using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Chat.Sending;

/// <summary><c>send</c>: how many durable sends a second, and whether each is there afterwards.</summary>
public static class SendCommand
{
    private const int MostSenders = 1000;

    public static Command Create()
    {
        var server = RunOptions.Server();
        var senders = RunOptions.Numbers(
            "--senders", "How many send; several numbers are several runs, one after the other.", [1, 16, 64], 1, MostSenders);
        var rate = RunOptions.Number(
            "--rate",
            "Messages a second of all together, in an open loop; 0 is a closed loop: each sender sends as soon as it has its "
                + "answer.",
            0, 0, 100_000);
        var seconds = RunOptions.Seconds(10);
        var warmUp = RunOptions.WarmUp(2);
        var accounts = RunOptions.Accounts();
        var pid = RunOptions.ServerPid();
        var json = RunOptions.Json();
        var command = new Command(
            "send",
            "Sends messages into the lobby and audits: every acknowledged one has to be there once, in order, with its text.")
        {
            server, senders, rate, seconds, warmUp, accounts, pid, json,
        };
        command.SetAction((parsed, cancel) => RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
        {
            var plan = new SendPlan(
                parsed.GetRequiredValue(server), parsed.GetRequiredValue(senders), parsed.GetValue(rate), TimeSpan.FromSeconds(
                    parsed.GetValue(warmUp)),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(accounts), parsed.GetValue(pid));
            var reports = await SendRun.RunAsync(plan, progress, cancel);
            return (reports, reports.All(report => report.IsGood));
        }));
        return command;
    }
}
