using System.Collections.Concurrent;
using System.Diagnostics;
using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Chatting;

/// <summary>What the users of one chat share: the server, the counts, and what was written when.</summary>
public sealed class ChatRoom(ServerApi api, string conversation, string run)
{
    private readonly ConcurrentDictionary<string, (string Text, long DueAt)> _written = new();

    public ServerApi Api { get; } = api;

    public string Conversation { get; } = conversation;

    public Tally Polls { get; } = new();

    public Tally Reads { get; } = new();

    public Tally Writes { get; } = new();

    public Latencies SeenAfter { get; } = new();

    public ConcurrentBag<SentMessage> Acknowledged { get; } = [];

    /// <summary>Writes a message, due since that moment.</summary>
    public async Task WriteAsync(LoadAccount account, int sender, int number, long dueAt, CancellationToken cancel)
    {
        Writes.Lateness.Add(Stopwatch.GetTimestamp() - dueAt);
        var text = new SentMessage(0, sender, number).TextIn(run);
        _written[text] = (text, dueAt);
        await NoteAsync(Writes, async () =>
        {
            using var answer = await Api.AskAsync(
                HttpMethod.Post, $"/api/conversations/{Conversation}/messages", account, new { text, clientId = text }, cancel);
            if ((int)answer.StatusCode != 201)
            {
                Writes.Error($"status {(int)answer.StatusCode}");
                return;
            }

            Acknowledged.Add(new SentMessage(await ServerApi.SeqAsync(answer, cancel), sender, number));
            Writes.Answer(201, answer.Content.Headers.ContentLength ?? 0, dueAt);
        });
    }

    /// <summary>A reader has got a message. Answers what to keep of it: one text for all readers.</summary>
    public SeenMessage Seen(SeenMessage message)
    {
        if (message.Text is null || !_written.TryGetValue(message.Text, out var written))
        {
            return message;
        }

        SeenAfter.Add(Stopwatch.GetTimestamp() - written.DueAt);
        return message with { Text = written.Text };
    }

    /// <summary>Does something, and counts it as an error where the server does not answer.</summary>
    /// <exception cref="LoadException">The server limits requests.</exception>
    public static async Task NoteAsync(Tally tally, Func<Task> doAsync)
    {
        try
        {
            await doAsync();
        }
        catch (LoadException fault) when (!fault.IsRateLimit)
        {
            tally.Error(fault.Message);
        }
    }
}
