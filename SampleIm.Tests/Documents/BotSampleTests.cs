using System.Diagnostics;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Documents;

/// <summary>The bots of docs/bots.md, as they stand there.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class BotSampleTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = TestMachine.MakeFolder();

    private string DataPath => Path.Combine(_folder, "data");

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("js", "greeter.mjs", "node", "greeter.mjs")]
    [DataRow("csharp", "greeter.cs", "dotnet", "run", "greeter.cs")]
    public async Task Bot_GreetsEachWhoSaysHelloOnce(string language, string file, params string[] command)
    {
        var block = DocumentBlock.List().Single(block => block.Language == language && block.Mark == "run=bot");
        await File.WriteAllTextAsync(Path.Combine(_folder, file), block.Text);
        var address = await PrepareAsync();
        using var program = Start(address, command);
        try
        {
            await UntilItMissesTheServerAsync(program);
            using var app = new SampleImApp(new() { ["urls"] = address.ToString() }, dataPath: DataPath);
            var alice = await new ApiUser(app, "alice").SignInElsewhereAsync();
            await UntilOnlineAsync(alice, "greeter", program);
            await alice.SendAsync("lobby", "hello?");
            await alice.SendAsync("@greeter", "Hello in private");
            var first = await UntilAsync(
                program, async () => (await alice.NewAsync("lobby")).Messages.Skip(2).ToList(), list => list.Count > 0);
            Assert.AreEqual("greeter: Hello, alice!", $"{first[0].Sender.Username}: {first[0].Text}");
            var direct = await UntilAsync(
                program, async () => (await alice.NewAsync("@greeter")).Messages, list => list.Count > 1);
            Assert.AreEqual("greeter: Hello, alice!", $"{direct[1].Sender.Username}: {direct[1].Text}");

            await alice.PatchAsync("/api/conversations/lobby/messages/2", new { text = "hello again" });
            await alice.SendAsync("lobby", "hello once more");
            var all = await UntilAsync(program, async () => (await alice.NewAsync("lobby")).Messages, list => list.Count > 4);
            Assert.AreEqual(
                2, all.Count(message => message.Sender.Username == "greeter"), "Neither its own words nor an edit are greeted.");
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }
    }

    /// <summary>A server that is there no more, with somebody who has spoken and the account of the bot.</summary>
    private async Task<Uri> PrepareAsync()
    {
        using var app = new SampleImApp(dataPath: DataPath);
        await app.RegisterAsync("greeter");
        await (await app.RegisterAsync("alice")).SendAsync("lobby", "hello before anybody listened");
        return app.Address;
    }

    private static async Task UntilItMissesTheServerAsync(Process program)
    {
        using var limit = new CancellationTokenSource(s_patience);
        var said = "";
        while (!said.Contains("no answer", StringComparison.Ordinal))
        {
            said = await program.StandardError.ReadLineAsync(limit.Token);
            Assert.IsNotNull(said, "It ended where nobody answered.");
        }
    }

    private Process Start(Uri server, string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        WorkingDirectory = _folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["SAMPLEIM_URL"] = server.ToString().TrimEnd('/'),
            // Not as the account is written: signing in does not ask for the same case.
            ["BOT_NAME"] = "Greeter",
            ["BOT_PASSWORD"] = ApiUser.FirstPassword,
        },
    })!;

    private static Task<bool> UntilOnlineAsync(ApiUser user, string other, Process program) => UntilAsync(
        program, async () => (await user.TotalAsync()).Online.Any(person => person.Username == other), isOnline => isOnline);

    private static async Task<T> UntilAsync<T>(Process program, Func<Task<T>> ask, Func<T, bool> isEnough)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            var answer = await ask();
            if (isEnough(answer))
            {
                return answer;
            }

            if (program.HasExited)
            {
                Assert.Fail(await program.StandardOutput.ReadToEndAsync() + await program.StandardError.ReadToEndAsync());
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
