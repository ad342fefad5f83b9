using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Chat.Chatting;

/// <summary><c>chat</c>: people who poll, read what is new and write now and then.</summary>
public static class ChatCommand
{
    /// <summary>Each reader keeps what it got until the audit, so this bounds the memory.</summary>
    private const int MostUsers = 500;

    public static Command Create()
    {
        var server = RunOptions.Server();
        var users = RunOptions.Number("--users", "How many talk in the lobby.", 50, 1, MostUsers);
        var writes = RunOptions.Number(
            "--writes-per-second", "How many messages they write a second, all together, taking turns.", 10, 1, 100);
        var seconds = RunOptions.Seconds(30);
        var accounts = RunOptions.Accounts();
        var pid = RunOptions.ServerPid();
        var json = RunOptions.Json();
        var command = new Command(
            "chat",
            "A mix as in a real chat: users poll as the page does, read what is new and write; in the end each reader has to "
                + "have got every acknowledged message once, in order.")
        {
            server, users, writes, seconds, accounts, pid, json,
        };
        command.SetAction((parsed, cancel) => RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
        {
            var plan = new ChatPlan(
                parsed.GetRequiredValue(server), parsed.GetValue(users), parsed.GetValue(writes), TimeSpan.FromSeconds(
                    parsed.GetValue(seconds)),
                parsed.GetValue(accounts), parsed.GetValue(pid));
            var report = await ChatRun.RunAsync(plan, progress, cancel);
            report.Say(progress);
            return (report, report.IsGood);
        }));
        return command;
    }
}
