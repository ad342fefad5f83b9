using Dapper;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

/// <summary>Another program holds the SQLite file.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class LockedDatabaseTests
{
    private const int Senders = 20;

    /// <summary>A line in which each waits for the one before would take 80 s.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    [TestMethod]
    public async Task Writes_WhileAnotherProgramHoldsTheFile_Are503_AndReadsGoOn()
    {
        using var app = new SampleImApp();
        var user = await app.RegisterAsync();
        await user.SendAsync("lobby", "before");
        await using var other = SqliteFile.Open(app.DataPath);
        await other.OpenAsync();
        await other.ExecuteAsync("BEGIN EXCLUSIVE");

        var sends = Enumerable.Range(0, Senders)
            .Select(
                number =>
                    user.PostAsync(
                        "/api/conversations/lobby/messages", new { text = $"{number}", clientId = $"{number}" })).ToList();
        Assert.AreEqual(user.Username, (await user.TotalAsync()).Me);
        Assert.AreEqual("before", (await user.HistoryAsync("lobby")).Messages.Single().Text);
        foreach (var answer in await Task.WhenAll(sends).WaitAsync(s_patience))
        {
            answer.ShouldBe(503, "storage.unavailable");
            Assert.IsNotNull(answer.Response.Headers.RetryAfter);
        }

        await other.ExecuteAsync("ROLLBACK");
        Assert.AreEqual(2, (await user.SendAsync("lobby", "after")).Seq);
        Assert.AreEqual(
            "before|after", string.Join('|', (await user.NewAsync("lobby")).Messages.Select(message => message.Text)));
    }

    [TestMethod]
    public async Task Start_WhileAnotherProgramHoldsTheFile_StopsWithOneLine()
    {
        var folder = TestMachine.MakeFolder();
        await using (await ServerProcess.StartAsync(folder))
        {
            // It has made the database.
        }

        await using (var other = SqliteFile.Open(folder))
        {
            await other.OpenAsync();
            await other.ExecuteAsync("BEGIN EXCLUSIVE");
            var (exitCode, output) = await ServerProcess.RunAsync(folder);
            Assert.AreEqual(1, exitCode, output);
            Assert.EndsWith(
                "SampleIm cannot start. The database cannot be opened: SQLite Error 5: 'database is locked'.", output.Trim());
            Assert.DoesNotContain("   at ", output);
        }

        await using (await ServerProcess.StartAsync(folder))
        {
            // The other has let go.
        }

        Directory.Delete(folder, recursive: true);
    }
}
