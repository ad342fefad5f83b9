using Dapper;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SampleIm.Api.Storage;

namespace SampleIm.Tests.Running;

/// <summary>The whole program in this process, on Kestrel and a loopback port, with a data folder of its own.</summary>
public sealed class SampleImApp : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> _settings;
    private readonly TimeProvider _clock;
    private readonly bool _ownsData;
    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly ILoggerProvider? _log;
    private readonly Action<IServiceCollection>? _replace;
    private int _users;

    /// <param name="settings">Settings by key, <c>Presence:Capacity</c>.</param>
    /// <param name="clock">Time, where the test steers it.</param>
    /// <param name="dataPath">A data folder that the test keeps; without it one is made, and removed at the end.</param>
    /// <param name="database">A database that the test keeps.</param>
    /// <param name="log">Takes what the program logs; without it nobody does.</param>
    /// <param name="replace">Puts a watched part in the place of the program's own.</param>
    public SampleImApp(
        Dictionary<string, string>? settings =
            null, TimeProvider? clock = null, string? dataPath = null, TestDatabase? database = null, ILoggerProvider? log = null,
        Action<IServiceCollection>? replace = null)
    {
        (_log, _replace) = (log, replace);
        _database = database ?? TestDatabase.Create();
        _ownsDatabase = database is null;
        _settings = settings ?? [];
        _clock = clock ?? TimeProvider.System;
        _ownsData = dataPath is null;
        DataPath = dataPath ?? TestMachine.MakeFolder();
        // Its own way to choose a port comes too late where the program is quick to start.
        UseKestrel();
        StartServer();
        Address = new Uri(
            Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        Documented = new DocumentedAnswers(Address);
    }

    public string DataPath { get; }

    public Uri Address { get; }

    public DocumentedAnswers Documented { get; }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Somebody without a cookie.</summary>
    public ApiUser Anonymous() => new(this, "");

    /// <summary>A new user, signed in by cookie.</summary>
    public async Task<ApiUser> RegisterAsync(string? username = null, string? displayName = null)
    {
        var user = new ApiUser(this, username ?? $"user{Interlocked.Increment(ref _users)}");
        var answer = await user.PostAsync(
            "/api/account/register", new { user.Username, Password = ApiUser.FirstPassword, displayName });
        Assert.AreEqual(201, answer.Status, answer.Body);
        return user;
    }

    /// <summary>A room besides the lobby, with these members and no message.</summary>
    public async Task AddRoomAsync(string slug, params ApiUser[] members)
    {
        await ExecuteAsync(
            "INSERT INTO conversations (kind, slug, title, created_at, changed_at) VALUES ('room', @slug, 'A room', 0, 0)",
            new { slug });
        await ExecuteAsync("""
            INSERT INTO members (conversation_id, user_id, joined_at, changed_at)
            SELECT c.id, u.id, 0, 0 FROM conversations c, users u WHERE c.slug = @slug AND u.username IN @usernames
            """, new { slug, usernames = members.Select(member => member.Username) });
    }

    /// <summary>Changes rows behind the program's back, for states that no call makes.</summary>
    public Task<int> ExecuteAsync(string statement, object? arguments = null) => Get<Database>().WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(statement, arguments, transaction), CancellationToken.None);

    /// <summary>
    /// Applies a schema file once more, after the test has undone what it does: so an upgrade meets an older database.
    /// </summary>
    public Task ApplyAgainAsync(string name)
    {
        var database = Get<Database>();
        var file = SchemaFile.List(database.Dialect.Name).Single(file => file.Name == name);
        return database.ChangeSchemaAsync(async transaction =>
        {
            foreach (var statement in database.Dialect.Split(file.Text))
            {
                await transaction.Connection!.ExecuteAsync(statement, transaction: transaction);
            }

            return true;
        });
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        builder.UseSetting("Data:Path", DataPath);
        // Tests do in a second what a person does in an hour.
        builder.UseSetting("RateLimits:Enabled", "false");
        // No test waits for those who poll to read that it is over.
        builder.UseSetting("Server:Drain", "00:00:00");
        foreach (var (key, value) in _database.Settings.Concat(_settings))
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging =>
        {
            logging.ClearProviders();
            if (_log is not null)
            {
                logging.AddProvider(_log);
            }
        });
        builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(_clock));
            _replace?.Invoke(services);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _ownsDatabase)
        {
            _database.Dispose();
        }

        if (disposing && _ownsData && Directory.Exists(DataPath))
        {
            Directory.Delete(DataPath, recursive: true);
        }
    }
}
