using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Faults;

/// <summary><c>faults</c>: does the server lose anything when it is killed?</summary>
public static class FaultsCommand
{
    private const string Sqlite = "sqlite";

    private const string MariaDb = "mariadb";

    public static Command Create()
    {
        var database = new Option<string>("--database")
        {
            Description =
                "sqlite: the server is killed. mariadb: a MariaDB of the run's own is killed under a server that goes on; "
                    + "MariaDB has to be installed.",
            DefaultValueFactory = _ => Sqlite,
        };
        database.AcceptOnlyFromAmong(Sqlite, MariaDb);
        var noBinaryLog = new Option<bool>("--no-binary-log")
        {
            Description =
                "MariaDB without a binary log, as it is installed: then it shows a message to readers a moment before it is on "
                    + "the disk, and a kill in that moment takes it from them.",
        };
        var kills = RunOptions.Number("--kills", "How often, by SIGKILL.", 20, 0, 10_000);
        var senders = RunOptions.Number(
            "--senders", "How many send, into the lobby and to each other, each message until it is acknowledged.", 16, 1, 200);
        var readers = RunOptions.Number("--readers", "How many of them follow everything by polls and their cursors.", 4, 1, 200);
        var load = RunOptions.Number(
            "--longest-load", "It is killed within so many milliseconds of load, at a random moment.", 700, 0, 60_000);
        var seconds = RunOptions.Number(
            "--seconds", "Nothing is killed after this time; fewer kills than wanted are a fault.", RunOptions.LongestRunS, 1,
            3600);
        var seed =
            new Option<int?>("--seed")
            {
                Description = "What the random moments follow from; printed. Another one each time "
                + "otherwise."
            };
        var program = new Option<string>("--program")
        {
            Description =
                "The server: its SampleIm.Api.dll, or the folder that it was built into. The one that was built with this "
                    + "program otherwise.",
            DefaultValueFactory = _ => OwnServer.BuiltBeside(),
        };
        var data = new Option<string?>("--data")
        {
            Description =
                "The server's data folder, made if missing, kept afterwards. Not one that people use: the run fills it. A "
                    + "temporary one otherwise, which is kept where something was found.",
        };
        var json = RunOptions.Json();
        var command = new Command("faults", """
            Starts a server of its own, lets people send and read, and kills it by SIGKILL at random moments under load, again and
            again. Then audits: each acknowledged message there once, under its number, in order, without a gap or a duplicate; no
            reader missed one; cookies still sign in.
            Exit code 0: all was done and nothing is wrong. 1: something is wrong, or the run could not be made.
            """)
        {
            database, noBinaryLog, kills, senders, readers, load, seconds, seed, program, data, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(readers) > result.GetValue(senders))
            {
                result.AddError("--readers: each of them is a sender as well, so there are no more of them than --senders.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var exitCode = await RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
            {
                var plan = new FaultPlan(
                    parsed.GetValue(database) == MariaDb, !parsed.GetValue(noBinaryLog), parsed.GetValue(kills),
                    parsed.GetValue(senders), parsed.GetValue(readers), parsed.GetValue(load),
                    parsed.GetValue(seed)
                        ?? Random.Shared.Next(), TimeSpan.FromSeconds(
                            parsed.GetValue(seconds)), parsed.GetRequiredValue(program), parsed.GetValue(data));
                var report = await FaultRun.RunAsync(plan, progress, cancel);
                return (report, report.IsGood);
            });
            // A run that could not be made has not shown that nothing is lost: for anyone who looks at the code it is the same.
            return exitCode == RunReport.Good ? RunReport.Good : RunReport.NotRun;
        });
        return command;
    }
}
