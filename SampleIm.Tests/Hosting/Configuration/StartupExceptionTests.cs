using System.Net.Sockets;
using System.Security.Cryptography;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Configuration;

/// <summary>An operator reads what is wrong, and not the name of a setting that has nothing to do with it.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class StartupExceptionTests
{
    [TestMethod]
    public void AFaultOfADisk_IsNoFaultOfUrls()
    {
        Assert.AreEqual(
            "The disk is full. (No space left on device)", StartupFault.Explain(new IOException("No space left on device", 28)));
        Assert.AreEqual("Input/output error", StartupFault.Explain(new IOException("Input/output error", 5)));
        Assert.AreEqual("The configured user limit (128) on the number of inotify instances has been reached.",
            StartupFault.Explain(
                new IOException("The configured user limit (128) on the number of inotify instances has been reached.")));
        Assert.AreEqual(
            "Access to the path '/data' is denied.",
            StartupFault.Explain(new UnauthorizedAccessException("Access to the path '/data' is denied.")));
        Assert.AreEqual(
            "no route to it", StartupFault.Explain(new StorageUnavailableException("no route to it", new SocketException(113))));
    }

    [TestMethod]
    public void AnAddressThatMayNotBeTaken_IsOneOfUrls()
    {
        var denied = new SocketException((int)SocketError.AccessDenied);
        Assert.StartsWith("Urls: this user may not listen there: ports below 1024", StartupFault.Explain(denied));
        Assert.StartsWith("Urls: this user may not listen there: ports below 1024", StartupFault.Explain(
            new IOException("Failed to bind to address http://localhost:80.", new AggregateException(denied, denied))));
        Assert.StartsWith("Urls: Invalid url", StartupFault.Explain(new FormatException("Invalid url: 'nonsense'")));
    }

    [TestMethod]
    public void ACertificateAndAFileOfSettings_AreNamed()
    {
        Assert.AreEqual(
            "Kestrel:Certificates: the certificate cannot be read: ASN1 corrupted data.",
            StartupFault.Explain(new CryptographicException("ASN1 corrupted data.")));
        Assert.AreEqual("Failed to load configuration from file '/x/appsettings.json'. "
            + "'}' is invalid after a comma.", StartupFault.Explain(
            new InvalidDataException(
                "Failed to load configuration from file '/x/appsettings.json'.",
                new FormatException("Could not parse it.", new FormatException("'}' is invalid after a comma.")))));
    }

    [TestMethod]
    public void AFaultOfTheProgram_IsShownWhole() =>
        Assert.Contains(nameof(KeyNotFoundException), StartupFault.Explain(new KeyNotFoundException("of the program")));

    [TestMethod]
    [DataRow("http://192.0.2.1:5080", "Urls: this machine does not have such an address (")]
    [DataRow("https://127.0.0.1:0", "Unable to configure HTTPS endpoint.", DisplayName = "no certificate")]
    [DataRow("https://127.0.0.1:0", "Could not find file ", "missing.pfx", DisplayName = "a missing certificate")]
    [DataRow(
        "https://127.0.0.1:0", "Kestrel:Certificates: the certificate cannot be read: ", "bad.pfx",
        DisplayName = "a bad certificate")]
    public async Task TheStart_SaysWhatIsWrong(string urls, string line, string? certificate = null)
    {
        var folder = TestMachine.MakeFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.pfx"), "no certificate");
        string[] settings = certificate is null
            ? []
            : [$"--Kestrel:Certificates:Default:Path={Path.Combine(folder, certificate)}"];
        var (exitCode, output) = await ServerProcess.RunAsync(folder, [$"--urls={urls}", .. settings]);
        Assert.AreEqual(1, exitCode, output);
        Assert.StartsWith(
            $"SampleIm cannot start. {line}",
            output.Trim().Split('\n').Single(printed => printed.StartsWith("SampleIm", StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", output);
        Directory.Delete(folder, recursive: true);
    }
}
