using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Chatting;

/// <summary>Somebody with the page open: polls, and fetches what is new whenever the poll shows a higher version.</summary>
public sealed class Chatter(ChatRoom room, LoadAccount account, ConversationMark before)
{
    private string? _etag;
    private long _version = before.Version;

    public LoadAccount Account { get; } = account;

    /// <summary>Everything that came, in the order in which it came.</summary>
    public List<SeenMessage> Got { get; } = [];

    /// <summary>Whether it has read up to that version.</summary>
    public bool HasRead(long version) => Volatile.Read(ref _version) >= version;

    /// <summary>Polls until it is cancelled, first at that moment.</summary>
    public async Task ReadAlongAsync(long firstAt, CancellationToken stop)
    {
        try
        {
            for (var dueAt = firstAt; ;)
            {
                await WaitUntilAsync(dueAt, stop);
                room.Polls.Lateness.Add(Stopwatch.GetTimestamp() - dueAt);
                var intervalS = 1.0;
                await ChatRoom.NoteAsync(room.Polls, async () => intervalS = await PollAsync(dueAt, stop));
                dueAt = Stopwatch.GetTimestamp() + (long)(intervalS * Stopwatch.Frequency);
            }
        }
        catch (OperationCanceledException)
        {
            // The chat is over.
        }
    }

    public static Task WaitUntilAsync(long at, CancellationToken stop)
    {
        var wait = TimeSpan.FromSeconds((at - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
        return wait > TimeSpan.Zero ? Task.Delay(wait, stop) : Task.CompletedTask;
    }

    /// <summary>Answers after how many seconds to poll again.</summary>
    private async Task<double> PollAsync(long dueAt, CancellationToken stop)
    {
        using var answer = await room.Api.AskAsync(HttpMethod.Get, "/api/total", Account, null, stop, _etag);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotModified))
        {
            room.Polls.Error($"status {(int)answer.StatusCode}");
            return 1;
        }

        room.Polls.Answer((int)answer.StatusCode, answer.Content.Headers.ContentLength ?? 0, dueAt);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            var total = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            var version = total.GetProperty("conversations").EnumerateArray()
                .First(found => found.GetProperty("id").GetString() == room.Conversation).GetProperty("version").GetInt64();
            await ChatRoom.NoteAsync(room.Reads, () => ReadAsync(version, stop));
            // Only now: what could not be read shows again with the next poll.
            _etag = HasRead(version) ? answer.Headers.ETag?.ToString() : null;
        }

        return answer.Headers.TryGetValues("X-Poll-Interval", out var values)
            && double.TryParse(values.First(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : 1;
    }

    private async Task ReadAsync(long version, CancellationToken stop)
    {
        for (var hasMore = !HasRead(version); hasMore;)
        {
            var asked = Stopwatch.GetTimestamp();
            var page = await room.Api.ReadPageAsync(Account, room.Conversation, _version, stop);
            room.Reads.Answer(200, page.Length, asked);
            Got.AddRange(page.Messages.Select(room.Seen));
            Volatile.Write(ref _version, page.Version);
            hasMore = page.HasMore;
        }
    }
}
