using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.Faults;

namespace SampleIm.Tests.Load;

/// <summary>A server that answers what a test plants, for two users who write to the lobby.</summary>
public sealed class LyingServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LyingServer(WebApplication app)
    {
        _app = app;
        Scene = new FaultScene(
            new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port), [new("ann", "a=1"), new("bob", "b=1")], default);
    }

    public FaultScene Scene { get; }

    public static async Task<LyingServer> StartAsync(Action<WebApplication> plant)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        plant(app);
        await app.StartAsync();
        return new LyingServer(app);
    }

    /// <summary>
    /// A server of which a reader hears: what a poll says, and the pages of messages in turn, the last of which stays.
    /// </summary>
    /// <param name="poll">The answer to the poll of that number, from 0 on.</param>
    /// <param name="messages">The messages that come after a version.</param>
    public static Task<LyingServer> OfReadersAsync(Func<int, HttpResponse, object?> poll, Func<long, object> messages)
    {
        var polls = 0;
        return StartAsync(app =>
        {
            app.MapGet("/api/total", async context =>
            {
                if (poll(polls++, context.Response) is { } body)
                {
                    context.Response.Headers.ETag = $"\"{polls}\"";
                    await context.Response.WriteAsJsonAsync(body);
                }
            });
            app.MapGet("/api/conversations/lobby/messages/new", (long after) => Results.Json(messages(after)));
        });
    }

    /// <summary>What a poll says of a lobby with so many messages.</summary>
    public static object Lobby(long last) =>
        new { conversations = new[] { new { id = "lobby", lastSeq = last, version = last } } };

    /// <summary>The message of that number as ann sent it.</summary>
    public object Message(long seq) => new { seq, version = seq, text = $"{Scene.Run}-0-{seq}" };

    public static object Page(IReadOnlyCollection<object> messages, long version, bool hasMore = false) =>
        new { messages, version, hasMore };

    /// <summary>Ann's message was acknowledged under that number.</summary>
    public void Acknowledge(long seq) =>
        Scene.Acknowledged.Add(Place.Lobby, new Acknowledgement(new SentMessage(seq, 0, (int)seq), 0, 0));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
