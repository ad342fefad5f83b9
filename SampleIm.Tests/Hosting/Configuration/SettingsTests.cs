using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SampleIm.Api.Chat;
using SampleIm.Api.Hosting;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.People;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Configuration;

/// <summary>What nothing reads and what no setting takes stops the start, with a line that names the setting.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SettingsTests
{
    [TestMethod]
    [DataRow("Presence:Capacty", "5", "Presence:Capacty: there is no such setting. The nearest is Presence:Capacity.")]
    [DataRow("presence:windwo", "00:00:05", "Presence:windwo: there is no such setting. The nearest is Presence:Window.")]
    [DataRow("Proxies:Trused:0", "10.0.0.1", "Proxies:Trused: there is no such setting. The nearest is Proxies:Trusted.")]
    [DataRow(
        "Proxies:Trusted", "10.0.0.1",
        "Proxies:Trusted: it is a list, whose entries are Proxies:Trusted:0, Proxies:Trusted:1 and so on.")]
    [DataRow(
        "Proxies:Trusted:first", "10.0.0.1",
        "Proxies:Trusted: it is a list, whose entries are Proxies:Trusted:0, Proxies:Trusted:1 and so on.")]
    [DataRow(
        "Proxies:Trusted:0:Address", "10.0.0.1",
        "Proxies:Trusted: it is a list, whose entries are Proxies:Trusted:0, Proxies:Trusted:1 and so on.")]
    [DataRow(
        "RateLimits:Send:Permit", "5",
        "RateLimits:Send:Permit: there is no such setting. The nearest is RateLimits:Send:Permits.")]
    [DataRow(
        "RateLimits:Send", "5", "RateLimits:Send: it has settings of its own: RateLimits:Send:Permits, RateLimits:Send:Window.")]
    [DataRow(
        "Presence:Capacity:Most", "5", "Presence:Capacity:Most: there is no such setting. The nearest is Presence:Capacity.")]
    [DataRow(
        "Presence:Something", "5",
        "Presence:Something: there is no such setting. In this section there are Presence:Window, Presence:Capacity.")]
    [DataRow("Presense:Capacity", "5", "Presense: there is no such section of settings. The nearest is Presence.")]
    [DataRow("Ratelimit:Enabled", "false", "Ratelimit: there is no such section of settings. The nearest is RateLimits.")]
    [DataRow("Dta:Path", "elsewhere", "Dta: there is no such section of settings. The nearest is Data.")]
    public void AnUnknownSetting_IsRefused_WithTheNearestName(string key, string value, string line) =>
        Assert.AreEqual(line, Fault(key, value));

    [TestMethod]
    [DataRow(
        "Presence:Window", "soon",
        "Presence:Window: it takes a time from 00:00:01 to 01:00:00, as hours:minutes:seconds, and not 'soon'.")]
    // .NET reads three days.
    [DataRow(
        "Presence:Window", "3",
        "Presence:Window: it takes a time from 00:00:01 to 01:00:00, as hours:minutes:seconds, and not '3'.")]
    [DataRow(
        "Presence:Window", "",
        "Presence:Window: it takes a time from 00:00:01 to 01:00:00, as hours:minutes:seconds, and not ''.")]
    [DataRow("presence:capacity", "0", "Presence:Capacity: it takes a whole number from 1 to 10000, and not '0'.")]
    [DataRow("Presence:Capacity", "20.5", "Presence:Capacity: it takes a whole number from 1 to 10000, and not '20.5'.")]
    [DataRow(
        "Messages:MaxLength", "99999999999",
        "Messages:MaxLength: it takes a whole number from 1 to 10000, and not '99999999999'.")]
    [DataRow("Images:MaxBytes", "1", "Images:MaxBytes: it takes a whole number from 1024 to 1073741824, and not '1'.")]
    [DataRow("Images:QuotaBytes", "-5", "Images:QuotaBytes: it takes a whole number of at least 1024, and not '-5'.")]
    [DataRow(
        "Images:MaxUploadTime", "01:00:00",
        "Images:MaxUploadTime: it takes a time from 00:00:01 to 00:30:00, as hours:minutes:seconds, and not '01:00:00'.")]
    [DataRow("Database:Provider", "Oracle", "Database:Provider: it takes Sqlite or MySql, and not 'Oracle'.")]
    [DataRow("Database:Provider", "7", "Database:Provider: it takes Sqlite or MySql, and not '7'.")]
    [DataRow("Data:Path", "", "Data:Path: it takes a text that is not empty, and not ''.")]
    [DataRow("Data:Path", "a\0b", "Data:Path: it takes a text that is not empty, and not 'a?b'.")]
    [DataRow("RateLimits:Send:Permits", "0", "RateLimits:Send:Permits: it takes a whole number from 1 to 1000000, and not '0'.")]
    [DataRow(
        "RateLimits:LoginName:Window", "00:00:00",
        "RateLimits:LoginName:Window: it takes a time from 00:00:01 to 1.00:00:00, as hours:minutes:seconds, and not "
            + "'00:00:00'.")]
    [DataRow(
        "RateLimits:Profile:Permits", "0", "RateLimits:Profile:Permits: it takes a whole number from 1 to 1000000, and not '0'.")]
    [DataRow(
        "RateLimits:Search:Permits", "0", "RateLimits:Search:Permits: it takes a whole number from 1 to 1000000, and not '0'.")]
    [DataRow("RateLimits:Enabled", "perhaps", "RateLimits:Enabled: it takes true or false, and not 'perhaps'.")]
    public void AWrongValue_IsRefused_WithWhatTheSettingTakes(string key, string value, string line) =>
        Assert.AreEqual(line, Fault(key, value));

    [TestMethod]
    [DataRow("PRESENCE:capacity", "7")]
    [DataRow("RateLimits:Send:Permits", "7")]
    [DataRow("Proxies:Trusted:0", "10.0.0.1")]
    [DataRow("Proxies:Trusted:7", "10.0.0.1")]
    [DataRow("Metrics:OtlpEndpoint", "")]
    [DataRow("Database:ConnectionString", "")]
    [DataRow("Logging:LogLevel:Default", "Warning")]
    [DataRow("Kestrel:Limits:Nothing", "5")]
    [DataRow("ConnectionStrings:Other", "x")]
    [DataRow("AllowedHosts", "chat.example.org")]
    [DataRow("Urls", "http://127.0.0.1:0")]
    [DataRow("Meta:Anything", "x")]
    // The environment has values of any name.
    [DataRow("DATA", "x")]
    [DataRow("Servers", "x")]
    public void WhatIsKnownAndWhatIsNotOurs_IsTaken(string key, string value) => Assert.IsNull(Fault(key, value));

    [TestMethod]
    [DataRow("{\"Presence\": {\"Capacty\": 5}}", "Presence:Capacty: there is no such setting. The nearest is Presence:Capacity.")]
    [DataRow(
        "{\"Proxies\": {\"Trusted\": \"10.0.0.1\"}}",
        "Proxies:Trusted: it is a list, whose entries are Proxies:Trusted:0, Proxies:Trusted:1 and so on.")]
    [DataRow("{\"Proxies\": {\"Trusted\": []}, \"Presence\": {}, \"Admin\": {\"Users\": null}}", null)]
    public void AFileOfSettings_IsHeldAgainstTheSame(string json, string? line)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.AreEqual(line, Fault(configuration => configuration.AddJsonStream(file)));
    }

    [TestMethod]
    public async Task TheProgram_RefusesAMisspeltSettingOfItsCommandLine_AndMakesNoFolder()
    {
        var folder = TestMachine.MakeFolder();
        var data = Path.Combine(folder, "data");
        var (exitCode, output) = await ServerProcess.RunAsync(data, "--Presence:Capacty=5");
        Assert.AreEqual(
            (1, "SampleIm cannot start. Presence:Capacty: there is no such setting. The nearest is Presence:Capacity."),
            (exitCode, output.Trim()));
        Assert.IsFalse(Path.Exists(data));
        Directory.Delete(folder);
    }

    /// <summary>Every section that the program adds, so that a setting of a new one is known without a list.</summary>
    [TestMethod]
    public void EverySettingOfTheFileThatComesWithTheProgram_IsKnown()
    {
        using var app = new SampleImApp();
        var sections = app.Services.GetServices<SettingsSection>().ToList();
        Assert.IsGreaterThan(9, sections.Count);
        Assert.Contains("RateLimits:Send:Permits", sections.SelectMany(section => section.Settings));
        Assert.Contains("Proxies:Trusted", sections.SelectMany(section => section.Settings));
        var readme = File.ReadAllText(Path.Combine(TestMachine.RepositoryPath, "README.md"));
        foreach (var setting in sections.SelectMany(section => section.Settings)
            .Where(setting => !setting.StartsWith("RateLimits:", StringComparison.Ordinal)))
        {
            Assert.Contains($"`{setting}`", readme);
        }
    }

    private static string? Fault(string key, string value) =>
        Fault(configuration => configuration.AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }));

    private static string? Fault(Action<IConfigurationBuilder> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configure(builder.Configuration);
        try
        {
            builder.AddStorageSettings();
            builder.AddHosting();
            builder.AddPeople();
            builder.AddChat();
            builder.RefuseMisspeltSections();
            return null;
        }
        catch (StartupException fault)
        {
            return fault.Message;
        }
    }
}
