using System.Diagnostics;
using System.Numerics;
using System.Text.Json;
using SampleIm.Load.Chat.Auditing;

namespace SampleIm.Load.Faults;

/// <summary>
/// Somebody who sends one message after the other, each as often as it takes until it is acknowledged, as the page does.
/// </summary>
public sealed class PersistentSender(FaultScene scene, int user) : IDisposable
{
    /// <summary>One message in so many goes to somebody directly, the others to the lobby.</summary>
    private const int DirectEach = 4;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ServerLine _line = new(scene.Server, scene.Accounts[user]);

    /// <summary>Whether a message was sent and has no answer yet.</summary>
    public bool IsWaiting => _line.IsWaiting;

    /// <param name="enough">Ends it, once what was begun is acknowledged.</param>
    /// <param name="cancel">Ends it at once.</param>
    public async Task RunAsync(CancellationToken enough, CancellationToken cancel)
    {
        for (var number = 1; !enough.IsCancellationRequested; number++)
        {
            if (!await SendAsync(PlaceOf(number), number, cancel))
            {
                return;
            }
        }
    }

    public void Dispose() => _line.Dispose();

    /// <summary>
    /// Whom one writes to changes with each kill, and both begin at the same time: so direct conversations, too, are made while
    /// the server dies.
    /// </summary>
    private Place PlaceOf(int number)
    {
        var pairings = (int)BitOperations.RoundUpToPowerOf2((uint)scene.Accounts.Count) - 1;
        if (number % DirectEach != 0 || pairings == 0)
        {
            return Place.Lobby;
        }

        var peer = user ^ (1 + (scene.Life % pairings));
        return peer < scene.Accounts.Count ? Place.Between(user, peer) : Place.Lobby;
    }

    /// <summary>False where it makes no sense to go on.</summary>
    private async Task<bool> SendAsync(Place place, int number, CancellationToken cancel)
    {
        var text = new SentMessage(0, user, number).TextIn(scene.Run);
        var path = $"/api/conversations/{place.NameFor(user, scene.Accounts)}/messages";
        var json = $$"""{"text":"{{text}}","clientId":"{{text}}"}""";
        var sentAt = Stopwatch.GetTimestamp();
        for (var mayBeThere = false; Stopwatch.GetElapsedTime(sentAt) < s_patience;)
        {
            var answer = await _line.PostAsync(path, json, cancel);
            switch (answer)
            {
                case { Status: 201 } or { Status: 200 }:
                    Acknowledge(place, number, answer, sentAt, mayBeThere);
                    return true;
                case { Delivery: Delivery.NotSent }:
                    break;
                case { Delivery: Delivery.Unanswered }:
                    scene.Sends.CountUnanswered();
                    mayBeThere = true;
                    break;
                case { Status: 503 }:
                    // Also said of a commit during which the database went away.
                    scene.Sends.CountUnavailable();
                    mayBeThere = true;
                    break;
                default:
                    scene.Findings.Add($"{place}: '{text}' was refused: {answer.Status}");
                    return false;
            }

            await Task.Delay(s_pause, cancel);
        }

        scene.Findings.Add($"{place}: '{text}' was not acknowledged within {s_patience.TotalSeconds} s");
        return false;
    }

    private void Acknowledge(Place place, int number, LineAnswer answer, long sentAt, bool mayBeThere)
    {
        var now = Stopwatch.GetTimestamp();
        using var message = JsonDocument.Parse(answer.Body);
        var sent = new SentMessage(message.RootElement.GetProperty("seq").GetInt64(), user, number);
        if (message.RootElement.GetProperty("text").GetString() is var text && text != sent.TextIn(scene.Run))
        {
            scene.Findings.Add($"{place}: '{sent.TextIn(scene.Run)}' was acknowledged as '{text}'");
        }

        if (answer.Status == 200 && !mayBeThere)
        {
            scene.Findings.Add($"{place}: '{sent.TextIn(scene.Run)}' was said to be there before it was sent");
        }

        scene.Sends.CountAcknowledged(mayBeThere, answer.Status == 200);
        scene.Acknowledged.Add(place, new Acknowledgement(sent, sentAt, now));
    }
}
