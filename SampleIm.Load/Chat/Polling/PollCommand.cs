using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Chat.Polling;

/// <summary><c>poll</c>: many users whose pages ask once a second what has changed.</summary>
public static class PollCommand
{
    private const int MostUsers = 100_000;

    public static Command Create()
    {
        var server = RunOptions.Server();
        var users = RunOptions.Number(
            "--users", "How many poll, each with a connection, a cookie and an ETag of its own.", 1000, 1, MostUsers);
        var seconds = RunOptions.Seconds(30);
        var warmUp = RunOptions.WarmUp(5);
        var sends = RunOptions.Number(
            "--sends-per-second", "Messages sent into the lobby meanwhile, at this fixed rate, and audited.", 0, 0, 10_000);
        var obey = new Option<bool>("--obey")
        {
            Description =
                "Ask as the page does: X-Poll-Interval after each answer. Without it users ask once a second whatever the "
                    + "server says.",
        };
        var bare = new Option<bool>("--bare")
        {
            Description =
                "Poll a bare Kestrel endpoint instead, which this program starts and which answers 304 to everything: what the "
                    + "machine can do at best, and what the generator itself takes.",
        };
        var accounts = RunOptions.Accounts();
        var pid = RunOptions.ServerPid();
        var json = RunOptions.Json();
        var command = new Command(
            "poll", "Users who poll GET /api/total once a second, spread evenly over the second, in an open loop.")
        {
            server, users, seconds, warmUp, sends, obey, bare, accounts, pid, json,
        };
        command.SetAction((parsed, cancel) => RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
        {
            var plan = new PollPlan(
                parsed.GetRequiredValue(server), parsed.GetValue(users), TimeSpan.FromSeconds(
                    parsed.GetValue(warmUp)), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(sends), parsed.GetValue(obey), parsed.GetValue(accounts), parsed.GetValue(pid));
            var report = await (
                parsed.GetValue(bare) ? PollRun.RunBareAsync(plan, progress, cancel) : PollRun.RunAsync(plan, progress, cancel));
            report.Say(progress);
            return (report, report.IsGood);
        }));
        return command;
    }
}
