using System.Net;
using System.Net.Http.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.People.Accounts.SignIn;

/// <summary>Sign-in keys that are gone or damaged cost a sign-in, and nothing else.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SignInKeyTests
{
    private readonly HttpClient _client = new();
    private string _folder = "";

    private string Keys => Path.Combine(_folder, "keys");

    [TestInitialize]
    public void MakeFolder() => _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task Start_WithItsKeys_KeepsPeopleSignedIn_AndWarnsOfNothing()
    {
        await SignInOnceAsync();
        await using var server = await ServerProcess.StartAsync(_folder);
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(server));
        Assert.DoesNotContain("warn: ", server.Output);
    }

    [TestMethod]
    public async Task Start_WithoutAnyData_WarnsOfNothing()
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        Assert.DoesNotContain("warn: ", server.Output);
    }

    [TestMethod]
    public async Task Start_WithoutItsKeys_Warns_AndPeopleSignInAgain()
    {
        await SignInOnceAsync();
        Directory.Delete(Keys, recursive: true);
        await AsksForASignInAsync($"There are no sign-in keys in {Keys}: everybody has to sign in again");
    }

    [TestMethod]
    [DataRow("", DisplayName = "empty")]
    [DataRow("<key id=\"", DisplayName = "cut off")]
    [DataRow("\0\0\0\0\0", DisplayName = "no XML")]
    public async Task Start_WithADamagedKey_Warns_AndPeopleSignInAgain(string content)
    {
        await SignInOnceAsync();
        var key = Directory.GetFiles(Keys).Single();
        await File.WriteAllTextAsync(key, content);
        await AsksForASignInAsync($"The sign-in keys in {key} cannot be read: who signed in with them has to sign in again");
        Assert.AreEqual(content, await File.ReadAllTextAsync(key));
    }

    [TestMethod]
    public async Task Start_WithAKeyThatCannotBeRead_Warns_AndPeopleSignInAgain()
    {
        await SignInOnceAsync();
        var key = Directory.GetFiles(Keys).Single();
        File.Delete(key);
        File.CreateSymbolicLink(key, Path.Combine(_folder, "nowhere.xml"));
        await AsksForASignInAsync($"The sign-in keys in {key} cannot be read: who signed in with them has to sign in again");
    }

    [TestMethod]
    public async Task Start_WithAKeyThatDefinesEntities_Warns_AndUnfoldsNone()
    {
        await SignInOnceAsync();
        var key = Directory.GetFiles(Keys).Single();
        var content = await File.ReadAllTextAsync(key);
        await File.WriteAllTextAsync(
            key, content.Insert(content.IndexOf("<key", StringComparison.Ordinal), "<!DOCTYPE key [<!ENTITY more 'more'>]>"));
        await AsksForASignInAsync($"The sign-in keys in {key} cannot be read: who signed in with them has to sign in again");
    }

    [TestMethod]
    public async Task Start_WithADamagedKeyBesideAWholeOne_KeepsPeopleSignedIn()
    {
        await SignInOnceAsync();
        await File.WriteAllTextAsync(Path.Combine(Keys, "key-other.xml"), "<key");
        await using var server = await ServerProcess.StartAsync(_folder);
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(server));
    }

    [TestMethod]
    public async Task Start_WhereNoKeyCanBeKept_Warns_AndPeopleSignInForAsLongAsItRuns()
    {
        await using var disk = await SmallDisk.MountAsync(Keys, 64 * 1024);
        await disk.MakeReadOnlyAsync();
        await using (var server = await ServerProcess.StartOnAsync(disk, _folder))
        {
            Assert.Contains(
                $"A sign-in key cannot be kept in {Keys}: everybody has to sign in again after a restart", server.Output);
            await RegisterAsync(server);
            Assert.AreEqual(HttpStatusCode.OK, await AskAsync(server));
        }

        await using (var server = await ServerProcess.StartOnAsync(disk, _folder))
        {
            Assert.AreEqual(HttpStatusCode.Unauthorized, await AskAsync(server));
            Assert.Contains("There are no sign-in keys in ", server.Output);
        }
    }

    private async Task SignInOnceAsync()
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        await RegisterAsync(server);
    }

    private async Task RegisterAsync(ServerProcess server) => (await _client.PostAsJsonAsync(
        new Uri(
            server.Address,
            "/api/account/register"), new { username = "alice", password = ApiUser.FirstPassword })).EnsureSuccessStatusCode();

    /// <summary>Cookies do not care for the port: this one was made by an earlier run.</summary>
    private async Task<HttpStatusCode> AskAsync(ServerProcess server) =>
        (await _client.GetAsync(new Uri(server.Address, "/api/account"))).StatusCode;

    private async Task AsksForASignInAsync(string warning)
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        Assert.Contains(warning, server.Output);
        Assert.AreEqual(HttpStatusCode.Unauthorized, await AskAsync(server));
        (
            await _client.PostAsJsonAsync(
                new Uri(server.Address, "/api/account/login"),
                new { username = "alice", password = ApiUser.FirstPassword })).EnsureSuccessStatusCode();
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync(server));
    }
}
