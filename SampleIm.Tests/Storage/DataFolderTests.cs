using System.Runtime.Versioning;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Folders_ThatTheProgramMakes_AreForItsUserAlone()
    {
        var data = Path.Combine(_folder, "data");
        await using var server = await ServerProcess.StartAsync(data);
        foreach (var folder in new[] { data, Path.Combine(data, "keys"), Path.Combine(data, "images") })
        {
            Assert.AreEqual(Owner, File.GetUnixFileMode(folder), folder);
        }
    }

    [TestMethod]
    public async Task Folder_ThatIsThere_StaysAsItsOwnerMadeIt()
    {
        var mode = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        File.SetUnixFileMode(_folder, mode);
        await using var server = await ServerProcess.StartAsync(_folder);
        Assert.AreEqual(mode, File.GetUnixFileMode(_folder));
    }
}
