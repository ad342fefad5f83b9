using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using MySql.Data.MySqlClient;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Commands.Backup;

/// <summary>The commands of docs/backup.md, as they stand there, beside a server that is in use.</summary>
[TestClass]
[TestCategory(TestDatabase.MySqlOnly)]
public sealed class MariaDbBackupTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task DocumentedCommands_WhilePeopleChat_BackUpAllThatWasAcknowledged()
    {
        const int Backups = 3;
        using var database = TestDatabase.CreateMySql();
        await RefuseMissingAsync("mariadb-dump");
        await RefuseMissingAsync("mariadb");
        await using var server = await ServerProcess.StartAsync(Data("data"), 0, database.Arguments);
        using var crowd = await Crowd.StartAsync(server.Address, 4);
        var acknowledged = new List<IReadOnlyDictionary<long, string>>();
        for (var number = 0; number < Backups; number++)
        {
            await crowd.UntilMoreAsync(40);
            acknowledged.Add(crowd.Acknowledged);
            Assert.Contains("Dump completed", await RunAsync("How do I back up MySQL or MariaDB?", database, "data", number));
        }

        await crowd.StopAsync();
        for (var number = 0; number < Backups; number++)
        {
            using var other = TestDatabase.CreateMySql();
            var output = await RunAsync("How do I restore MySQL or MariaDB?", other, $"restored{number}", number);
            Assert.DoesNotContain("gap: ", output);
            await using var again = await ServerProcess.StartAsync(Data($"restored{number}"), 0, other.Arguments);
            var (_, pictures) = await crowd.AuditAsync(again.Address, acknowledged[number], mayLackRecalled: true);
            Assert.IsGreaterThan(0, pictures);
        }
    }

    [TestMethod]
    public async Task DocumentedCheck_NamesGapsAndMissingPictures()
    {
        using var database = TestDatabase.CreateMySql();
        await RefuseMissingAsync("mariadb-dump");
        string lost;
        await using (var app = new SampleImApp(dataPath: Data("data"), database: database))
        {
            var alice = await app.RegisterAsync("alice");
            await alice.SendAsync("lobby", "hello");
            await alice.SendAsync("lobby", "and again");
            lost = (await alice.UploadPictureAsync()).Id;
            await app.ExecuteAsync("DELETE FROM messages WHERE seq = 1");
        }

        File.Delete(Path.Combine(Data("data"), "images", lost));
        await RunAsync("How do I back up MySQL or MariaDB?", database, "data", 0);
        var output = await RunAsync("How do I restore MySQL or MariaDB?", database, "restored", 0);
        Assert.Contains("gap: 1", output);
        Assert.Contains($"missing: {lost}", output);
    }

    private static async Task RefuseMissingAsync(string program)
    {
        try
        {
            using var version = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true });
            await version!.WaitForExitAsync();
        }
        catch (Win32Exception)
        {
            TestMachine.Lacks(program);
        }
    }

    /// <summary>The shell blocks under a heading, but for the one that is only there to say the names.</summary>
    private static string CommandsUnder(string heading)
    {
        var text = File.ReadAllText(Path.Combine(TestMachine.RepositoryPath, "docs", "backup.md")).ReplaceLineEndings("\n");
        var section = text.Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        var blocks = Regex.Matches(section, "```sh[^\n]*\n(.*?)```", RegexOptions.Singleline)
            .Select(block => block.Groups[1].Value).Where(block => !block.StartsWith("host=", StringComparison.Ordinal)).ToList();
        Assert.IsNotEmpty(blocks);
        return string.Concat(blocks);
    }

    private async Task<string> RunAsync(string heading, TestDatabase database, string data, int number)
    {
        var connection = new MySqlConnectionStringBuilder(database.ConnectionString);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", CommandsUnder(heading)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
            Environment =
            {
                ["host"] = connection.Server,
                ["port"] = $"{connection.Port}",
                ["user"] = connection.UserID,
                ["database"] = connection.Database,
                ["MYSQL_PWD"] = connection.Password,
                ["data"] = Data(data),
                ["backup"] = Path.Combine(_folder, $"backup{number}"),
            },
        })!;
        var (output, faults) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(s_patience);
        Assert.AreEqual(0, shell.ExitCode, await faults);
        return await output;
    }

    private string Data(string name) => Path.Combine(_folder, name);
}
