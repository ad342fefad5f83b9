using System.Diagnostics;
using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.Chat.Sending;
using SampleIm.Load.Commands;
using SampleIm.Load.Hosting.Measuring;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Chatting;

/// <param name="Server">Where they talk.</param>
/// <param name="Users">How many.</param>
/// <param name="WritesPerSecond">How much, all together.</param>
/// <param name="Duration">How long.</param>
/// <param name="AccountsPath">Where accounts are kept between runs.</param>
/// <param name="ServerPid">The server's process.</param>
public sealed record ChatPlan(
    ServerAddress Server, int Users, int WritesPerSecond, TimeSpan Duration, string? AccountsPath, int? ServerPid);

/// <summary>People who talk in the lobby, and an audit of what each of them got.</summary>
public static class ChatRun
{
    private const int MostFaultsNamed = 10;

    /// <summary>How long readers may take to catch up after the last message.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <exception cref="LoadException">The run cannot be made.</exception>
    public static async Task<ChatReport> RunAsync(ChatPlan plan, Progress progress, CancellationToken cancel)
    {
        MachineLimits.Check(2 * plan.Users);
        using var api = new ServerApi(plan.Server.Uri);
        var accounts = await LoadAccounts.ProvideAsync(api, plan.Users, plan.AccountsPath, progress, cancel);
        using var server = ServerWatch.Find(plan.ServerPid, plan.Server.EndPoint.Port);
        using var generator = ServerWatch.Find(Environment.ProcessId, 0)!;
        var run = Guid.NewGuid().ToString("N")[..8];
        var room = new ChatRoom(api, LobbyAudit.Conversation, run);
        var before = await api.MarkAsync(accounts[0], room.Conversation, cancel);
        var chatters = accounts.Select(account => new Chatter(room, account, before)).ToList();

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        server?.Start();
        generator.Start();
        var started = Stopwatch.GetTimestamp();
        var reading = chatters.Select(
            (chatter, index) =>
                chatter.ReadAlongAsync(started + (Stopwatch.Frequency * index / chatters.Count), over.Token)).ToList();
        try
        {
            await WriteAsync(plan, room, chatters, reading, () =>
            {
                server?.Look();
                progress.ShowNowAndThen(
                    $"Polls: {room.Polls.Answered}, reads: {room.Reads.Answered}, writes: {room.Writes.Answered}; errors: "
                    + $"{room.Polls.Errors + room.Reads.Errors + room.Writes.Errors}.");
            }, cancel);
            var usage = new RunUsage(
                Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2), server?.Stop(), generator.Stop());
            await CatchUpAsync(chatters, (await api.MarkAsync(accounts[0], room.Conversation, cancel)).Version, cancel);
            await over.CancelAsync();
            await Task.WhenAll(reading);
            return new ChatReport(
                plan.Users, plan.WritesPerSecond, RequestFigures.Of(
                    room.Polls, usage.Seconds), RequestFigures.Of(room.Reads, usage.Seconds),
                RequestFigures.Of(room.Writes, usage.Seconds), room.SeenAfter.Summarise(), room.Acknowledged.Count, AuditAll(
                    chatters, room, run, before), usage);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    /// <summary>Lets the users write by the clock, in turns, and waits for the last answer.</summary>
    private static async Task WriteAsync(
        ChatPlan plan, ChatRoom room, List<Chatter> chatters, List<Task> reading, Action look, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var writes = new List<Task>();
        for (var number = 0; number < plan.WritesPerSecond * plan.Duration.TotalSeconds; number++)
        {
            var dueAt = started + (Stopwatch.Frequency * number / plan.WritesPerSecond);
            await Chatter.WaitUntilAsync(dueAt, cancel);
            var sender = number % chatters.Count;
            writes.RemoveAll(write => write.IsCompletedSuccessfully);
            writes.Add(room.WriteAsync(chatters[sender].Account, sender, number, dueAt, cancel));
            look();
            if (writes.Concat(reading).FirstOrDefault(task => task.IsFaulted) is { } refused)
            {
                await refused;
            }
        }

        await Task.WhenAll(writes);
    }

    private static async Task CatchUpAsync(List<Chatter> chatters, long version, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (!chatters.TrueForAll(chatter => chatter.HasRead(version)) && Stopwatch.GetElapsedTime(started) < s_patience)
        {
            await Task.Delay(50, cancel);
        }
    }

    private static List<string> AuditAll(List<Chatter> chatters, ChatRoom room, string run, ConversationMark before)
    {
        var faults = new List<string>();
        foreach (var chatter in chatters)
        {
            var audit = new Audit(run, room.Acknowledged, before.LastSeq);
            chatter.Got.ForEach(audit.Read);
            faults.AddRange(audit.Finish().Select(fault => $"{chatter.Account.Username}: {fault}"));
        }

        return faults.Count > MostFaultsNamed
            ? [.. faults.Take(MostFaultsNamed), $"and {faults.Count - MostFaultsNamed} more"]
            : faults;
    }
}
