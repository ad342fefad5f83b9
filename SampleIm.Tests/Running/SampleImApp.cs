using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace SampleIm.Tests.Running;

/// <summary>The whole program in this process, on Kestrel and a loopback port, with a data folder of its own.</summary>
public sealed class SampleImApp : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> _settings;
    private readonly TimeProvider _clock;
    private readonly bool _ownsData;
    private int _users;

    /// <param name="settings">Settings by key, <c>Presence:Capacity</c>.</param>
    /// <param name="clock">Time, where the test steers it.</param>
    /// <param name="dataPath">A data folder that the test keeps; without it one is made, and removed at the end.</param>
    public SampleImApp(Dictionary<string, string>? settings = null, TimeProvider? clock = null, string? dataPath = null)
    {
        _settings = settings ?? [];
        _clock = clock ?? TimeProvider.System;
        _ownsData = dataPath is null;
        DataPath = dataPath ?? TestMachine.MakeFolder();
        UseKestrel(0);
        StartServer();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        Documented = new DocumentedAnswers(Address);
    }

    public string DataPath { get; }

    public Uri Address { get; }

    public DocumentedAnswers Documented { get; }

    public string DatabaseFile => Path.Combine(DataPath, "sampleim.db");

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Somebody without a cookie.</summary>
    public ApiUser Anonymous() => new(this, "");

    /// <summary>A new user, signed in by cookie.</summary>
    public async Task<ApiUser> RegisterAsync(string? username = null, string? displayName = null)
    {
        var user = new ApiUser(this, username ?? $"user{Interlocked.Increment(ref _users)}");
        var answer = await user.PostAsync("/api/account/register", new { user.Username, Password = ApiUser.FirstPassword, displayName });
        Assert.AreEqual(201, answer.Status, answer.Body);
        return user;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Data:Path", DataPath);
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton(_clock)));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _ownsData && Directory.Exists(DataPath))
        {
            Directory.Delete(DataPath, recursive: true);
        }
    }
}
