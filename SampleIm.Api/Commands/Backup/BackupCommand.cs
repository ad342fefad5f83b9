using System.Globalization;
using SampleIm.Api.Commands.Moving;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Backup;

/// <summary>The program's command <c>backup</c>, which runs beside the server.</summary>
public static class BackupCommand
{
    public const string Name = "backup";

    private const string Usage = """
        Backs up database, images and sign-in keys of a server on SQLite, which may go on running.

          dotnet run --project SampleIm.Api -- backup --to FOLDER

          FOLDER  a new folder, or an empty one; a path from the working folder, which under dotnet run is SampleIm.Api

        Settings come from where the server has them: appsettings.json, environment, and here --Data:Path=… and so on.
        Ends with 0 where the backup is whole and checked, with 1 where there is none, with 2 where the arguments are wrong.
        """;

    /// <summary>Runs it, and answers the exit code of the program.</summary>
    public static Task<int> RunAsync(string[] arguments) =>
        CommandRun.RunAsync(arguments, "--to", Usage, "back up", async (folder, settings, progress) =>
    {
        var source = DataPlaces.Read(settings);
        if (!File.Exists(source.DatabaseFile))
        {
            throw new StartupException($"There is no database at '{source.DatabaseFile}'. Data:Path says where it is.");
        }

        using var target = new BackupTarget(folder);
        var manifest = await RunOrAbandonAsync(source, target, progress);
        progress.Say($"Backed up {source.Folder}");
        progress.Say($"to        {folder}");
        progress.Say(string.Create(CultureInfo.InvariantCulture,
            $"{manifest.Rows["users"]:N0} users, {manifest.Rows["messages"]:N0} messages, {manifest.Images.Count:N0} images, "
            + $"{manifest.Keys.Count:N0} sign-in keys; all of it was checked."));
        progress.Say("It holds private messages and can forge sign-ins: keep it where only you can read it.");
    });

    private static async Task<BackupManifest> RunOrAbandonAsync(DataPlaces source, BackupTarget target, MoveProgress progress)
    {
        try
        {
            var manifest = await new BackupRun(source, target, progress).RunAsync();
            target.Publish();
            return manifest;
        }
        catch
        {
            // It may be what fills the disk.
            target.Abandon();
            throw;
        }
    }
}
