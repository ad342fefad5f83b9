using SampleIm.Tests.Fuzzing;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Problems;

[TestClass]
public sealed class HangUpTests
{
    [TestMethod]
    [DataRow("/api/account/login", "application/json")]
    [DataRow("/api/images", "multipart/form-data; boundary=b")]
    public async Task Client_ThatIsGoneInTheMiddleOfABody_IsNoErrorInTheLog(string path, string contentType)
    {
        using var log = new FaultLog();
        using (var app = new SampleImApp(log: log))
        {
            var alice = await app.RegisterAsync("alice");
            for (var count = 0; count < 20; count++)
            {
                using var connection = await WireConnection.OpenAsync(app.Address);
                await connection.SendAsync($"POST {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nCookie: "
                    + $"{alice.Cookies.GetCookieHeader(app.Address)}\r\n"
                    + $"Content-Type: {contentType}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
                await connection.AwaitContinueAsync(TimeSpan.FromSeconds(10));
            }
        }

        // The server has stopped: every request has come to its end.
        Assert.IsEmpty(log.Faults, string.Join('\n', log.Faults));
    }
}
