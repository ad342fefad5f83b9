using System.Diagnostics;
using System.Net;
using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Reading;

/// <param name="Server">Whom to ask.</param>
/// <param name="Requests">Calls of each kind.</param>
/// <param name="AccountsPath">Where the account is kept between runs.</param>
public sealed record ReadPlan(ServerAddress Server, int Requests, string? AccountsPath);

/// <summary>What calls of one kind took.</summary>
public sealed record ReadFigures(string Call, long Requests, LatencySummary LatencyMs);

/// <summary>Calls of one user, one after the other: what they wait for is the server's work and nobody else's.</summary>
public sealed class ReadRun
{
    private const string Lobby = "/api/conversations/lobby/messages";

    /// <summary>For the server's compiler, and for what the database keeps in memory.</summary>
    private const int UncountedShare = 5;

    /// <summary>A load of the view takes a new conversation, and fill.sh leaves a thousand strangers.</summary>
    private const int LoadsShare = 10;

    private readonly ServerApi _api;
    private readonly LoadAccount _reader;
    private readonly Progress _progress;
    private readonly CancellationToken _cancel;
    private readonly List<ReadFigures> _figures = [];

    private ReadRun(ServerApi api, LoadAccount reader, Progress progress, CancellationToken cancel) =>
        (_api, _reader, _progress, _cancel) = (api, reader, progress, cancel);

    /// <exception cref="LoadException">The run cannot be made, or a call was refused.</exception>
    public static async Task<IReadOnlyList<ReadFigures>> RunAsync(ReadPlan plan, Progress progress, CancellationToken cancel)
    {
        using var api = new ServerApi(plan.Server.Uri);
        var accounts = await LoadAccounts.ProvideAsync(api, 1, plan.AccountsPath, progress, cancel);
        var run = new ReadRun(api, accounts[0], progress, cancel);
        await run.MeasureAsync(plan.Requests);
        return run._figures;
    }

    private async Task MeasureAsync(int requests)
    {
        var (lastSeq, version) = await _api.MarkAsync(_reader, "lobby", _cancel);
        _progress.Say(FormattableString.Invariant($"The lobby holds {lastSeq} messages."));
        await TimeAsync("history, the latest page", requests, _ => GetAsync($"{Lobby}/history?limit=50"));
        await TimeAsync(
            "history, a page in the middle", requests, _ => GetAsync($"{Lobby}/history?limit=50&before={lastSeq / 2}"));
        await TimeAsync("history, the first page", requests, _ => GetAsync($"{Lobby}/history?limit=50&before=51"));
        await TimeAsync("new, the last 50 changes", requests, _ => GetAsync($"{Lobby}/new?after={Math.Max(0, version - 50)}"));
        await TimeAsync("new, the first 50 changes", requests, _ => GetAsync($"{Lobby}/new?after=0&limit=50"));
        await TimeAsync("new, nothing", requests, _ => GetAsync($"{Lobby}/new?after={version}"));
        await TimeAsync("total, 200", requests, _ => GetAsync("/api/total"));
        using var total = await _api.AskAsync(HttpMethod.Get, "/api/total", _reader, null, _cancel);
        var etag = total.Headers.ETag!.ToString();
        await TimeAsync(
            "total, 304", requests, _ => AskAsync(HttpMethod.Get, "/api/total", null, HttpStatusCode.NotModified, etag));
        await TimeAsync("send into the lobby", requests, number => SendAsync("lobby", number));
        await TimeAsync("send into a direct conversation", requests, number => SendAsync("@filled-1", number));
        await TimeAsync("users, a name found", requests / LoadsShare, _ => GetAsync("/api/users?query=stranger-99"));
        await TimeLoadsAsync(requests / LoadsShare);
    }

    /// <summary>
    /// A first message to somebody brings a conversation that the view in memory lacks: the next poll loads it again.
    /// </summary>
    private async Task TimeLoadsAsync(int loads)
    {
        var (firsts, totals) = (new Latencies(), new Latencies());
        var stranger = 0;
        for (var load = 0; load < loads; load++)
        {
            do
            {
                stranger++;
            }
            while ((await _api.MarkAsync(_reader, $"@stranger-{stranger}", _cancel)).LastSeq > 0);

            firsts.Add(await TimeOnceAsync(() => SendAsync($"@stranger-{stranger}", load)));
            totals.Add(await TimeOnceAsync(() => GetAsync("/api/total")));
        }

        Note("first message to somebody", firsts);
        Note("total, loaded from the database", totals);
    }

    private async Task TimeAsync(string call, int requests, Func<int, Task> askAsync)
    {
        var latencies = new Latencies();
        for (var number = 0; number < requests + (requests / UncountedShare); number++)
        {
            var took = await TimeOnceAsync(() => askAsync(number));
            if (number >= requests / UncountedShare)
            {
                latencies.Add(took);
            }
        }

        Note(call, latencies);
    }

    private static async Task<long> TimeOnceAsync(Func<Task> askAsync)
    {
        var began = Stopwatch.GetTimestamp();
        await askAsync();
        return Stopwatch.GetTimestamp() - began;
    }

    private void Note(string call, Latencies latencies)
    {
        var figures = new ReadFigures(call, latencies.Count, latencies.Summarise());
        _progress.Say($"{figures.Call}: {figures.LatencyMs}");
        _figures.Add(figures);
    }

    private Task GetAsync(string path) => AskAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);

    private Task SendAsync(string conversation, int number) => AskAsync(
        HttpMethod.Post, $"/api/conversations/{conversation}/messages", new { text = $"read {number}" }, HttpStatusCode.Created);

    private async Task AskAsync(HttpMethod method, string path, object? body, HttpStatusCode wanted, string? etag = null)
    {
        using var answer = await _api.AskAsync(method, path, _reader, body, _cancel, etag);
        if (answer.StatusCode != wanted)
        {
            throw new LoadException(
                $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(_cancel)}");
        }
    }
}
