using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Security;

/// <summary>No answer sends a browser to another site, whatever path or query asks for it.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class RedirectTests
{
    private const string Elsewhere = "evil.example";

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new() { ["AllowedHosts"] = "*" });
        s_alice = await s_app.RegisterAsync("alice");
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("/swagger")]
    [DataRow("/swagger/")]
    [DataRow("//evil.example")]
    [DataRow("//evil.example/")]
    [DataRow("//evil.example/..")]
    [DataRow("//evil.example/swagger")]
    [DataRow("/swagger//evil.example")]
    [DataRow("//evil.example/%2e%2e/swagger")]
    [DataRow("/\\evil.example")]
    [DataRow("/%5Cevil.example/")]
    [DataRow("/%2F%2Fevil.example")]
    [DataRow("/js//evil.example")]
    [DataRow("/?ReturnUrl=https://evil.example")]
    [DataRow("/Account/Login?ReturnUrl=https://evil.example")]
    [DataRow("/api/account?ReturnUrl=//evil.example")]
    [DataRow("http://evil.example/swagger")]
    public async Task Get_LeadsNowhereElse(string target)
    {
        foreach (var host in new[] { s_app.Address.Authority, Elsewhere })
        {
            foreach (var user in new[] { s_alice, s_app.Anonymous() })
            {
                using var connection = await WireConnection.OpenAsync(s_app.Address);
                await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: "
                    + $"{(target.StartsWith("http", StringComparison.Ordinal) ? Elsewhere : host)}\r\n"
                    + $"Cookie: x=y; {user.Cookies.GetCookieHeader(s_app.Address)}\r\n\r\n");
                var answer = await connection.ReadAsync(TimeSpan.FromMinutes(1));
                ShouldStay(answer!.Headers.GetValueOrDefault("Location"));
            }
        }
    }

    /// <summary>The premise of the test above: there are answers that lead on.</summary>
    [TestMethod]
    public async Task Swagger_LeadsToItsPage() =>
        Assert.AreEqual("swagger/index.html", (await s_alice.GetAsync("/swagger")).Response.Headers.Location!.OriginalString);

    [TestMethod]
    public async Task SignInAndOut_LeadNowhere()
    {
        const string LeadingAway = "?ReturnUrl=https://evil.example";
        var login = new { username = "alice", password = ApiUser.FirstPassword };
        foreach (var (query, status) in new[] { ("", 200), (LeadingAway, 400) })
        {
            var signedIn = await s_app.Anonymous().PostAsync("/api/account/login" + query, login);
            Assert.AreEqual((status, null), (signedIn.Status, signedIn.Response.Headers.Location), query);
        }

        var other = await s_alice.SignInElsewhereAsync();
        foreach (var (query, status) in new[] { (LeadingAway, 400), ("", 204) })
        {
            var signedOut = await other.PostAsync("/api/account/logout" + query);
            Assert.AreEqual((status, null), (signedOut.Status, signedOut.Response.Headers.Location), query);
        }
    }

    /// <summary>A place under this host, without naming any.</summary>
    private static void ShouldStay(string? location)
    {
        if (location is null)
        {
            return;
        }

        Assert.IsFalse(
            location.StartsWith("//", StringComparison.Ordinal) || location.Contains('\\', StringComparison.Ordinal), location);
        Assert.IsFalse(Uri.TryCreate(location, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", location);
    }
}
