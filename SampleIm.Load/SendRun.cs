using System.Diagnostics;

namespace SampleIm.Load;

/// <summary>What a run of senders came to.</summary>
/// <param name="Senders">How many sent at the same time.</param>
/// <param name="Seconds">How long.</param>
/// <param name="Acknowledged">Messages that the server acknowledged.</param>
/// <param name="PerSecond">Of them, a second.</param>
/// <param name="Errors">Sends that it did not acknowledge.</param>
/// <param name="LatencyMs">From the request to the acknowledgement.</param>
/// <param name="AuditFaults">Acknowledged messages that are not there exactly once, under their number, with their text; and gaps.</param>
public sealed record SendReport(
    int Senders, double Seconds, int Acknowledged, double PerSecond, int Errors, LatencySummary LatencyMs, IReadOnlyList<string> AuditFaults);

/// <summary>Senders that each send one message after the other (closed loop) into one conversation, and an audit of what is there afterwards.</summary>
public static class SendRun
{
    private const string Conversation = "lobby";
    private const int MostFaultsNamed = 10;

    public static async Task<SendReport> RunAsync(Uri server, int senders, TimeSpan duration)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var clients = await Task.WhenAll(Enumerable.Range(0, senders).Select(index => LoadClient.RegisterAsync(server, $"load-{run}-{index}")));
        try
        {
            var version = await clients[0].VersionAsync(Conversation);
            var started = Stopwatch.GetTimestamp();
            var outcomes = await Task.WhenAll(clients.Select((client, index) => SendAsync(client, $"{run}-{index}", started, duration)));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var acknowledged = outcomes.SelectMany(outcome => outcome.Acknowledged).ToLookup(pair => pair.Seq, pair => pair.Text);
            var latencies = new Latencies();
            foreach (var outcome in outcomes)
            {
                latencies.Add(outcome.Latencies);
            }

            return new SendReport(
                senders, Math.Round(seconds, 2), latencies.Count, Math.Round(latencies.Count / seconds, 1), outcomes.Sum(outcome => outcome.Errors),
                latencies.Summarise(), await AuditAsync(clients[0], version, run, acknowledged));
        }
        finally
        {
            foreach (var client in clients)
            {
                client.Dispose();
            }
        }
    }

    private static async Task<Outcome> SendAsync(LoadClient client, string name, long started, TimeSpan duration)
    {
        var outcome = new Outcome();
        for (var number = 0; Stopwatch.GetElapsedTime(started) < duration; number++)
        {
            var text = $"{name}-{number}";
            var sent = Stopwatch.GetTimestamp();
            if (await client.SendAsync(Conversation, text, text) is { } seq)
            {
                outcome.Latencies.Add(Stopwatch.GetElapsedTime(sent));
                outcome.Acknowledged.Add((seq, text));
            }
            else
            {
                outcome.Errors++;
            }
        }

        return outcome;
    }

    /// <summary>Reads everything back as a reader would: each acknowledged message once, under its number, in order, without a gap.</summary>
    private static async Task<IReadOnlyList<string>> AuditAsync(LoadClient reader, long version, string run, ILookup<long, string> acknowledged)
    {
        var faults = acknowledged.Where(texts => texts.Count() > 1).Select(texts => $"{texts.Key} was acknowledged for {texts.Count()} messages").ToList();
        var (missing, seen, last) = (acknowledged.Select(texts => texts.Key).ToHashSet(), new HashSet<string>(), 0L);
        await foreach (var message in reader.ReadSinceAsync(Conversation, version))
        {
            if (last > 0 && message.Seq != last + 1)
            {
                faults.Add($"{message.Seq} comes after {last}");
            }

            last = message.Seq;
            if (missing.Remove(message.Seq) && acknowledged[message.Seq].First() is var text && text != message.Text)
            {
                faults.Add($"{message.Seq} has the text '{message.Text}', acknowledged was '{text}'");
            }

            if (message.Text?.StartsWith(run, StringComparison.Ordinal) == true && !seen.Add(message.Text))
            {
                faults.Add($"{message.Seq} repeats '{message.Text}'");
            }
        }

        faults.AddRange(missing.Select(seq => $"{seq} was acknowledged and is not there"));
        return [.. faults.Take(MostFaultsNamed)];
    }

    private sealed class Outcome
    {
        public List<(long Seq, string Text)> Acknowledged { get; } = [];

        public Latencies Latencies { get; } = new();

        public int Errors { get; set; }
    }
}
