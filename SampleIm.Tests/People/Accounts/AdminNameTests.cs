using Microsoft.Extensions.Logging;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class AdminNameTests
{
    private readonly string _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Start_WithAnAdministratorsNameThatNobodyHas_Warns_AndOnceSomebodyHasItNoMore()
    {
        Assert.AreEqual(
            "Admin:Users names BOSS, and nobody has registered this name: anyone who does is an administrator",
            await WarningsOfAStartAsync(app => app.RegisterAsync("boss")));
        Assert.AreEqual("", await WarningsOfAStartAsync(_ => Task.CompletedTask));
    }

    [TestMethod]
    [DataRow("boss ")]
    [DataRow("the boss")]
    [DataRow("b")]
    [DataRow("\u3164\u3164!")]
    public async Task Start_WithAnAdministratorWhoseNameNobodyCanHave_StopsWithOneLine(string name)
    {
        var (exitCode, output) = await ServerProcess.RunAsync(_folder, $"--Admin:Users:0={name}");
        Assert.AreEqual((1, $"SampleIm cannot start. Admin:Users:0: '{name}' is no username."), (exitCode, output.Trim()));
    }

    private async Task<string> WarningsOfAStartAsync(Func<SampleImApp, Task> work)
    {
        var log = new CapturedLog();
        using var app = new SampleImApp(new() { ["Admin:Users:0"] = "BOSS" }, dataPath: _folder, log: log);
        await work(app);
        return string.Join('\n', log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text));
    }
}
