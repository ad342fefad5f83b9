using System.Net;
using SampleIm.Api.Hosting.Addresses;

namespace SampleIm.Tests.Hosting.Addresses;

/// <summary>
/// How settings name addresses and networks: for trusted proxies, for those who see the metrics, for those whom no limit
/// counts.
/// </summary>
[TestClass]
public sealed class NetworkTests
{
    [TestMethod]
    [DataRow("127.0.0.1", "127.0.0.1")]
    [DataRow("127.0.0.1", "::ffff:127.0.0.1")]
    [DataRow("::ffff:127.0.0.1", "127.0.0.1")]
    [DataRow("::ffff:127.0.0.1", "::ffff:127.0.0.1")]
    [DataRow("10.1.0.0/16", "::ffff:10.1.2.3")]
    [DataRow("::ffff:10.1.0.0/112", "10.1.2.3")]
    [DataRow("::1", "::1")]
    [DataRow("2001:db8::/32", "2001:db8:1::7")]
    public void Network_ContainsItsAddressesInBothForms(string network, string address) =>
        Assert.IsTrue(Networks.Contain([Networks.Parse(network)!.Value], IPAddress.Parse(address)));

    [TestMethod]
    [DataRow("127.0.0.1", "127.0.0.2")]
    [DataRow("10.1.0.0/16", "10.2.0.1")]
    [DataRow("::1", "127.0.0.1")]
    [DataRow("::ffff:127.0.0.1", "::1")]
    public void Network_ContainsNoOthers(string network, string address) =>
        Assert.IsFalse(Networks.Contain([Networks.Parse(network)!.Value], IPAddress.Parse(address)));

    [TestMethod]
    [DataRow("10.1")]
    [DataRow("10")]
    [DataRow("0x7f.0.0.1")]
    [DataRow("010.0.0.1")]
    [DataRow("2130706433")]
    [DataRow("10.1/16")]
    [DataRow("10.1.0.0/33")]
    [DataRow("::ffff:0:0/80")]
    [DataRow("localhost")]
    [DataRow("10.1.0.0/")]
    [DataRow("")]
    public void Entry_ThatIsNeitherAddressNorNetwork_IsRefused(string entry) => Assert.IsNull(Networks.Parse(entry));

    [TestMethod]
    [DataRow("2001:db8:0:1::1", "2001:db8:0:1:ffff::7", true)]
    [DataRow("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [DataRow("192.0.2.1", "::ffff:192.0.2.1", true)]
    [DataRow("192.0.2.1", "192.0.2.2", false)]
    public void Client_IsAnAddress_OrANetworkOfIPv6(string one, string other, bool isSame) =>
        Assert.AreEqual(isSame, Networks.OfClient(IPAddress.Parse(one)).Equals(Networks.OfClient(IPAddress.Parse(other))));

    [TestMethod]
    [DataRow("2001:db8:0:1::1", "2001:db8::")]
    [DataRow("2001:db8:0:ffff::1", "2001:db8::")]
    [DataRow("2001:db8:1:1::1", "2001:db8:1::")]
    [DataRow("192.0.2.1", null)]
    [DataRow("::ffff:192.0.2.1", null)]
    public void Site_IsA48OfIPv6(string address, string? site) =>
        Assert.AreEqual(site, Networks.SiteOf(IPAddress.Parse(address))?.ToString());

    [TestMethod]
    [DataRow("Proxies:Trusted:0")]
    [DataRow("Server:ExemptNetworks:0")]
    [DataRow("Metrics:Addresses:0")]
    public async Task ShortForm_StopsTheStart(string setting)
    {
        var folder = Running.TestMachine.MakeFolder();
        var (code, output) = await Running.ServerProcess.RunAsync(folder, $"--{setting}=10.1");
        Directory.Delete(folder, recursive: true);
        Assert.AreEqual(1, code);
        Assert.Contains("'10.1'", output);
        Assert.Contains(setting.Split(":0")[0], output);
    }
}
