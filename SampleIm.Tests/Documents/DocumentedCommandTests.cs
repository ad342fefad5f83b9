using System.Diagnostics;
using System.Text.RegularExpressions;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Documents;

/// <summary>The shell commands of README and <c>docs/</c>, run as they stand there.</summary>
[TestClass]
public sealed class DocumentedCommandTests
{
    /// <summary>How a block may be marked: run by a test here, run by another test, or not run, with the reason.</summary>
    private static readonly Regex s_mark = new("^(run=(start|tour|backup|restore|move)|tested: [A-Za-z]+|by hand: .{10,})$");

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public void EveryBlockOfCommands_IsRunOrSaysWhyNot()
    {
        var blocks = DocumentBlock.List().Where(block => block.Language == "sh").ToList();
        Assert.IsNotEmpty(blocks);
        var unmarked = blocks.Where(block => !s_mark.IsMatch(block.Mark))
            .Select(block => $"{block.File}:{block.Line} {block.Mark}");
        Assert.AreEqual("", string.Join('\n', unmarked));
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public void ChineseReadme_HasTheSameCommands()
    {
        var blocks = DocumentBlock.List().Where(block => block.Language == "sh").ToLookup(block => block.File, WithoutComments);
        Assert.AreEqual(string.Join("\n\n", blocks["README.md"]), string.Join("\n\n", blocks["README.zh-CN.md"]));

        static string WithoutComments(DocumentBlock block) => Regex.Replace(block.Text, " +# .*", "");
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Start_Listens()
    {
        foreach (var block in Marked("run=start"))
        {
            using var shell = new DocumentedShell();
            using var server = shell.Begin(block.Text);
            try
            {
                await UntilListeningAsync(server);
            }
            finally
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync();
            }
        }
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Tour_EndsWithEverythingSaidAndSeen()
    {
        using var shell = new DocumentedShell();
        await using var server = await ServerProcess.StartAsync(shell.DataPath);
        var output = await shell.RunAsync(Marked("run=tour").First().Text, ("http://localhost:5080/", server.Address.ToString()));
        StringAssert.Contains(output, "HTTP/1.1 304 Not Modified");
        StringAssert.Contains(output, "\"text\":\"hello!\"");
        StringAssert.Contains(output, "\"kind\":\"image\"");
        StringAssert.Contains(output, "\"text\":\"hi bob\"");
        StringAssert.Contains(output, "\"me\":\"bob\"");
        // After the tour comes the walk through all calls, and once more.
        var folder = Path.Combine(TestMachine.RepositoryPath, "SampleIm.Api");
        var requests = HttpFile.Read(Path.Combine(folder, "requests.http"));
        await new HttpWalk(server.Address, folder).RunAsync(requests, isFirst: true);
        await new HttpWalk(server.Address, folder).RunAsync(requests, isFirst: false);
    }

    [TestMethod]
    [TestCategory(TestDatabase.SqliteOnly)]
    public async Task Backup_IsMadeAndRestored()
    {
        using var shell = new DocumentedShell();
        await using (var server = await ServerProcess.StartAsync(shell.DataPath))
        {
            using var crowd = await Crowd.StartAsync(server.Address, 2);
            await crowd.UntilMoreAsync(10);
            await crowd.StopAsync();
        }

        foreach (var block in Marked("run=backup"))
        {
            await shell.RunAsync(block.Text);
        }

        foreach (var block in Marked("run=restore"))
        {
            Directory.Delete(shell.DataPath, recursive: true);
            using var server = shell.Begin(block.Text);
            try
            {
                await UntilListeningAsync(server);
            }
            finally
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync();
            }
        }
    }

    [TestMethod]
    [TestCategory(TestDatabase.MySqlOnly)]
    public async Task Move_MovesEverything()
    {
        using var database = TestDatabase.CreateMySql();
        using var shell = new DocumentedShell();
        await using (await ServerProcess.StartAsync(shell.DataPath))
        {
            // Its start has made the database.
        }

        var written = "Server=localhost;Port=3306;Database=sampleim;Uid=im;Pwd=the-password";
        foreach (var block in Marked("run=move"))
        {
            StringAssert.Contains(await shell.RunAsync(block.Text, (written, database.ConnectionString)), "conversations");
        }
    }

    private static List<DocumentBlock> Marked(string mark)
    {
        var blocks = DocumentBlock.List().Where(block => block.Mark == mark && block.File != "README.zh-CN.md").ToList();
        Assert.IsNotEmpty(blocks, mark);
        return blocks;
    }

    private static async Task UntilListeningAsync(Process server)
    {
        var faults = server.StandardError.ReadToEndAsync();
        while (await server.StandardOutput.ReadLineAsync().WaitAsync(s_patience) is { } line)
        {
            if (line.Contains("Now listening on: ", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail(await faults);
    }
}
