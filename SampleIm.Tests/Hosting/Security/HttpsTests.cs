using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class HttpsTests
{
    private const string Hsts = "Strict-Transport-Security";

    private readonly string _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Https_MakesTheCookieSecureAndTheHostStrict()
    {
        var certificate = Path.Combine(_folder, "certificate.pfx");
        await File.WriteAllBytesAsync(certificate, MakeCertificate());
        await using var server = await ServerProcess.StartAsync(
            Path.Combine(_folder, "data"), 0, "--urls=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={certificate}");
        using var client = new HttpClient(
            new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true })
        {
            BaseAddress =
                server.Address
        };

        using var registered = await client.PostAsJsonAsync(
            "/api/account/register", new { username = "alice", password = ApiUser.FirstPassword });
        Assert.AreEqual(HttpStatusCode.Created, registered.StatusCode);
        var cookies = registered.Headers.GetValues("Set-Cookie").ToList();
        string[] names = ["__Host-SampleIm", "__Host-SampleIm.Device"];
        CollectionAssert.AreEqual(names, cookies.ConvertAll(set => set.Split('=')[0]));
        foreach (var set in cookies)
        {
            Assert.Contains("; path=/;", set);
            Assert.Contains("; secure", set);
            Assert.DoesNotContain("domain", set);
        }

        var cookie = cookies[0];
        Assert.AreEqual(HttpStatusCode.OK, (await client.GetAsync("/api/account")).StatusCode);
        await RefusesTheCookieUnderAnotherNameAsync(server.Address, cookie);
        foreach (var path in new[] { "/", "/api/total", "/api/nothing", "/swagger/index.html" })
        {
            using var answer = await client.GetAsync(path);
            Assert.AreEqual("max-age=31536000", answer.Headers.GetValues(Hsts).Single(), path);
        }

        // A browser would hold every other server on localhost to it.
        using var local = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "localhost" } };
        using var localAnswer = await client.SendAsync(local);
        Assert.IsFalse(localAnswer.Headers.Contains(Hsts));
    }

    /// <summary>Such as a neighbour under the same domain could set.</summary>
    private static async Task RefusesTheCookieUnderAnotherNameAsync(Uri address, string cookie)
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, _, _, _) => true,
            UseCookies = false,
        };
        using var client = new HttpClient(handler) { BaseAddress = address };
        foreach (var (name, status) in new[]
            {
                ("__Host-SampleIm", HttpStatusCode.OK), ("SampleIm", HttpStatusCode.Unauthorized),
            })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/account");
            request.Headers.Add("Cookie", name + cookie.Split(';')[0]["__Host-SampleIm".Length..]);
            Assert.AreEqual(status, (await client.SendAsync(request)).StatusCode, name);
        }
    }

    private static byte[] MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.Export(X509ContentType.Pfx);
    }
}
