using System.Globalization;

namespace SampleIm.Api.Commands.Backup;

/// <summary>The program's command <c>restore</c>, which runs instead of the server.</summary>
public static class RestoreCommand
{
    public const string Name = "restore";

    private const string Usage = """
        Restores a backup into an empty data folder, after it has checked every byte of it.

          dotnet run --project SampleIm.Api -- restore --from FOLDER

          FOLDER  a backup; a path from the working folder, which under dotnet run is SampleIm.Api

        Settings come from where the server has them: appsettings.json, environment, and here --Data:Path=… and so on.
        Ends with 0 where all was restored, with 1 where nothing was, with 2 where the arguments are wrong.
        """;

    /// <summary>Runs it, and answers the exit code of the program.</summary>
    public static Task<int> RunAsync(string[] arguments) =>
        CommandRun.RunAsync(arguments, "--from", Usage, "restore", async (folder, settings, progress) =>
    {
        var places = DataPlaces.Read(settings);
        var manifest = await new RestoreRun(folder, new RestoreTarget(places), progress).RunAsync();
        progress.Say($"Restored {folder}");
        progress.Say($"to       {places.Folder}");
        progress.Say(string.Create(CultureInfo.InvariantCulture,
            $"{manifest.Rows["users"]:N0} users, {manifest.Rows["messages"]:N0} messages, {manifest.Images.Count:N0} images, "
            + $"{manifest.Keys.Count:N0} sign-in keys, as they were at {manifest.MadeAt:yyyy-MM-dd HH:mm:ss} UTC."));
    });
}
