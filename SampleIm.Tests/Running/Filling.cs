using System.Diagnostics;
using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Tests.Running;

/// <summary>A database as years of talk would leave it, by the script that makes large ones for measurements.</summary>
public static class Filling
{
    /// <summary>
    /// Messages in the lobby; direct conversations of the first user with filled-1, filled-2 and so on, the later the more
    /// recent; as many among others.
    /// </summary>
    public static async Task FillAsync(this SampleImApp app, int messages, int conversations)
    {
        var start = new ProcessStartInfo(
            "sh", [Path.Combine(TestMachine.RepositoryPath, "SampleIm.Load", "fill.sh"), $"{messages}", $"{conversations}"])
        {
            RedirectStandardOutput = true,
        };
        using var script = Process.Start(start)!;
        var statements = await script.StandardOutput.ReadToEndAsync();
        // As long as it takes on a busy machine: a write of the program's would give up after seconds.
        await app.Get<Database>().ChangeSchemaAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(statements, transaction: transaction, commandTimeout: 0);
            return true;
        });
    }
}
