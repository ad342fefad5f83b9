using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Storage;

[TestClass]
public sealed class KillTests
{
    private const int Writers = 4;

    private string _dataPath = "";
    private TestDatabase _database = null!;
    private ServerProcess? _server;

    [TestInitialize]
    public void Start() => (_dataPath, _database) = (TestMachine.MakeFolder(), TestDatabase.Create());

    [TestCleanup]
    public async Task Stop()
    {
        await (_server?.DisposeAsync() ?? default);
        _database.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task Kill_WhileManySend_LosesNothingThatWasAcknowledgedAndRepeatsNothing()
    {
        _server = await ServerProcess.StartAsync(_dataPath, 0, _database.Arguments);
        var port = _server.Address.Port;
        using var handler = new HttpClientHandler();
        using var client = new HttpClient(handler) { BaseAddress = _server.Address };
        (await client.PostAsJsonAsync("/api/account/register", new { username = "sender", password = ApiUser.FirstPassword }))
            .EnsureSuccessStatusCode();

        var acknowledged = new Dictionary<string, long>();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(index => SendAsync(client, $"writer{index}", acknowledged, done.Token))
            .ToList();
        for (var kill = 0; kill < 3; kill++)
        {
            await UntilMoreAreAcknowledgedAsync(acknowledged);
            await _server.DisposeAsync();
            _server = await ServerProcess.StartAsync(_dataPath, port, _database.Arguments);
        }

        await UntilMoreAreAcknowledgedAsync(acknowledged);
        await done.CancelAsync();
        await Task.WhenAll(writers);

        var kept = await ReadAllAsync(client);
        CollectionAssert.AreEqual(
            Enumerable.Range(1, kept.Count).Select(seq => (long)seq).ToList(), kept.Select(message => message.Seq).ToList());
        CollectionAssert.AllItemsAreUnique(kept.Select(message => message.Text).ToList());
        var bySeq = kept.ToDictionary(message => message.Text, message => message.Seq);
        foreach (var (text, seq) in acknowledged)
        {
            Assert.AreEqual(seq, bySeq[text], text);
        }

        await _server.DisposeAsync();
        if (TestDatabase.IsMySql)
        {
            return;
        }

        await using var database = new SqliteConnection($"Data Source={Path.Combine(_dataPath, "sampleim.db")};Pooling=False");
        Assert.AreEqual("ok", await database.QuerySingleAsync<string>("PRAGMA integrity_check"));
    }

    private static async Task UntilMoreAreAcknowledgedAsync(Dictionary<string, long> acknowledged)
    {
        const int More = 30;
        var enough = Count() + More;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Count() < enough)
        {
            await Task.Delay(10, limit.Token);
        }

        int Count()
        {
            lock (acknowledged)
            {
                return acknowledged.Count;
            }
        }
    }

    /// <summary>
    /// Sends one message after the other, each again and again with the same clientId until it is acknowledged.
    /// </summary>
    private static async Task SendAsync(
        HttpClient client, string name, Dictionary<string, long> acknowledged, CancellationToken done)
    {
        for (var number = 0; !done.IsCancellationRequested; number++)
        {
            var text = $"{name}-{number}";
            while (true)
            {
                try
                {
                    var answer = await client.PostAsJsonAsync(
                        "/api/conversations/lobby/messages", new { text, clientId = text }, CancellationToken.None);
                    Assert.IsTrue(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
                    var seq = (await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("seq")
                        .GetInt64();
                    lock (acknowledged)
                    {
                        acknowledged.Add(text, seq);
                    }

                    break;
                }
                catch (Exception fault) when (fault is HttpRequestException or IOException)
                {
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }
    }

    private static async Task<List<(long Seq, string Text)>> ReadAllAsync(HttpClient client)
    {
        var (all, version, hasMore) = (new List<(long, string)>(), 0L, true);
        while (hasMore)
        {
            var page = await client.GetFromJsonAsync<JsonElement>(
                $"/api/conversations/lobby/messages/new?after={version}&limit=500");
            all.AddRange(
                page.GetProperty("messages").EnumerateArray()
                    .Select(message => (message.GetProperty("seq").GetInt64(), message.GetProperty("text").GetString()!)));
            (version, hasMore) = (page.GetProperty("version").GetInt64(), page.GetProperty("hasMore").GetBoolean());
        }

        return all;
    }
}
