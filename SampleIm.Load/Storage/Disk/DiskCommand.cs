using System.CommandLine;
using SampleIm.Load.Commands;

namespace SampleIm.Load.Storage.Disk;

/// <summary><c>disk</c>: what one durable insert a transaction takes, to hold the server's sends against.</summary>
public static class DiskCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder")
        {
            HelpName = "folder",
            Description = "A folder on the disk in question, for "
            + "SQLite.",
            DefaultValueFactory = _ => "."
        };
        var mySql = new Option<string?>("--mysql")
        {
            HelpName = "connection string",
            Description = "A database of MySQL or MariaDB to insert into instead; a table load_disk is made and dropped.",
        };
        var seconds = RunOptions.Seconds(3);
        var json = RunOptions.Json();
        var command = new Command(
            "disk", "Inserts rows of 100 letters on one connection, each in a transaction of its own that is on the disk before "
                + "the next begins. Needs no server.")
        {
            folder, mySql, seconds, json,
        };
        command.SetAction((parsed, _) => RunReport.MakeAsync(parsed, parsed.GetValue(json), async progress =>
        {
            var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            var report = parsed.GetValue(mySql) is { } connectionString
                ? await DiskRun.OnMySqlAsync(connectionString, duration)
                : await DiskRun.OnSqliteAsync(parsed.GetRequiredValue(folder), duration);
            progress.Say($"{report}");
            return (report, true);
        }));
        return command;
    }
}
