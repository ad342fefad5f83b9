using System.Diagnostics;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Documents;

/// <summary>
/// A folder in which commands of the documentation run as they are written: <c>dotnet run --project SampleIm.Api</c> starts the
/// program that was built with the tests, <c>curl</c> fails where the server refuses, and backups lie in the folder itself.
/// </summary>
public sealed class DocumentedShell : IDisposable
{
    private const string DotnetScript = """
        #!/usr/bin/env bash
        # Takes "run --project SampleIm.Api [-- arguments]"; everything else is the real program's.
        [ "$1 $2 $3" = "run --project SampleIm.Api" ] || PATH=${PATH#*:} exec dotnet "$@"
        shift 3
        [ "${1:-}" != "--" ] || shift
        PATH=${PATH#*:} exec dotnet "$PROGRAM" "$@"
        """;

    private const string CurlScript = """
        #!/usr/bin/env bash
        PATH=${PATH#*:} exec curl --silent --show-error --fail-with-body "$@"
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public DocumentedShell()
    {
        Directory.CreateDirectory(InFolder("bin"));
        AddProgram("dotnet", DotnetScript);
        AddProgram("curl", CurlScript);
        foreach (var name in new[] { "sql", "docs" })
        {
            Directory.CreateSymbolicLink(InFolder(name), Path.Combine(TestMachine.RepositoryPath, name));
        }
    }

    public string Folder { get; } = TestMachine.MakeFolder();

    public string DataPath => InFolder("data");

    /// <summary>Starts a block, whose output can be followed.</summary>
    /// <param name="commands">The block's text.</param>
    /// <param name="replacements">What stands for the documentation's address, database or folder.</param>
    public Process Begin(string commands, params (string Written, string Real)[] replacements)
    {
        var text = replacements.Append(("/backups/", InFolder("backups") + "/"))
            .Aggregate(
                commands, (text, replacement) => text.Replace(replacement.Item1, replacement.Item2, StringComparison.Ordinal));
        Directory.CreateDirectory(InFolder("backups"));
        return Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", text])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
            Environment =
            {
                ["PATH"] = $"{InFolder("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                ["PROGRAM"] = TestMachine.ProgramPath,
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Data__Path"] = DataPath,
                ["Urls"] = "http://127.0.0.1:0",
            },
        })!;
    }

    /// <summary>Runs a block to its end, which has to be a good one, and answers what it printed.</summary>
    public async Task<string> RunAsync(string commands, params (string Written, string Real)[] replacements)
    {
        using var shell = Begin(commands, replacements);
        var (output, faults) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(s_patience);
        Assert.AreEqual(0, shell.ExitCode, $"{await output}\n{await faults}");
        return await output;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string InFolder(string name) => Path.Combine(Folder, name);

    private void AddProgram(string name, string script)
    {
        var path = Path.Combine(InFolder("bin"), name);
        File.WriteAllText(path, script);
        using var chmod = Process.Start("chmod", ["+x", path]);
        chmod.WaitForExit();
    }
}
