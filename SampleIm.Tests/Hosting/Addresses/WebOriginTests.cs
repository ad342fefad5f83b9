using SampleIm.Api.Hosting.Addresses;

namespace SampleIm.Tests.Hosting.Addresses;

[TestClass]
public sealed class WebOriginTests
{
    [TestMethod]
    [DataRow("https://app.example", "https://app.example")]
    [DataRow("https://APP.example:443/path?query", "https://app.example")]
    [DataRow("http://app.example:443", "http://app.example:443")]
    [DataRow("http://bücher.example", "http://xn--bcher-kva.example")]
    [DataRow("http://127.0.0.1:5080", "http://127.0.0.1:5080")]
    [DataRow("http://[::1]:5080", "http://[::1]:5080")]
    [DataRow("null", null)]
    [DataRow("", null)]
    [DataRow("app.example", null)]
    [DataRow("file:///index.html", null)]
    public void Of_IsWhatABrowserWrites(string address, string? origin) => Assert.AreEqual(origin, WebOrigin.Of(address));
}
