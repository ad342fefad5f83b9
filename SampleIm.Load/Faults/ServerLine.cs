using System.Net;
using System.Net.Sockets;
using System.Text;
using SampleIm.Load.Hosting.Wire;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Faults;

/// <summary>How far a request came.</summary>
public enum Delivery
{
    /// <summary>Nobody took the connection: the server cannot have seen it.</summary>
    NotSent,

    /// <summary>It was sent and the answer did not come: the server may have done it or not.</summary>
    Unanswered,

    Answered,
}

/// <summary>What came of a request.</summary>
/// <param name="Delivery">How far it came.</param>
/// <param name="Status">Of the answer; 0 without one.</param>
/// <param name="Body">Of the answer.</param>
/// <param name="ETag">Of the answer; empty where it has none.</param>
public readonly record struct LineAnswer(Delivery Delivery, int Status, byte[] Body, string ETag)
{
    public static LineAnswer NotSent { get; } = new(Delivery.NotSent, 0, [], "");

    public static LineAnswer Unanswered { get; } = new(Delivery.Unanswered, 0, [], "");
}

/// <summary>
/// A signed-in connection to a server that may be gone at any moment; a new one is opened when it is needed. Nothing is repeated
/// by itself: anyone who audits retries has to know of each one.
/// </summary>
public sealed class ServerLine(IPEndPoint server, LoadAccount account) : IAsker, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private HttpConnection? _connection;
    private TaskCompletionSource<LineAnswer>? _waiting;

    /// <summary>Whether a request was sent and has no answer yet.</summary>
    public bool IsWaiting => Volatile.Read(ref _waiting) is { Task.IsCompleted: false };

    public Task<LineAnswer> GetAsync(string path, CancellationToken cancel, string etag = "") =>
        AskAsync($"{HeadOf("GET", path)}{(etag.Length > 0 ? $"If-None-Match: {etag}\r\n" : "")}\r\n", cancel);

    /// <param name="path">Where to.</param>
    /// <param name="json">The body; ASCII.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<LineAnswer> PostAsync(string path, string json, CancellationToken cancel) =>
        AskAsync($"{HeadOf("POST", path)}Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}", cancel);

    public void OnAnswer(AnswerParser answer) => _waiting!.TrySetResult(
        new LineAnswer(Delivery.Answered, answer.Status, answer.Body.ToArray(), Encoding.ASCII.GetString(answer.ETag)));

    public void OnFault(HttpConnection connection, string kind)
    {
        if (ReferenceEquals(connection, Volatile.Read(ref _connection)))
        {
            Volatile.Read(ref _waiting)?.TrySetResult(LineAnswer.Unanswered);
        }
    }

    public void Dispose() => _connection?.Dispose();

    private string HeadOf(string method, string path) =>
        $"{method} {path} HTTP/1.1\r\nHost: {server}\r\nCookie: {account.Cookie}\r\n";

    private async Task<LineAnswer> AskAsync(string request, CancellationToken cancel)
    {
        try
        {
            _connection ??= await HttpConnection.OpenAsync(server, this, keepsBody: true, cancel);
        }
        catch (SocketException)
        {
            return LineAnswer.NotSent;
        }

        var waiting = new TaskCompletionSource<LineAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _waiting, waiting);
        if (!_connection.Send(Encoding.ASCII.GetBytes(request)))
        {
            waiting.SetResult(LineAnswer.NotSent);
        }

        LineAnswer answer;
        try
        {
            answer = await waiting.Task.WaitAsync(s_patience, cancel);
        }
        catch (TimeoutException)
        {
            answer = LineAnswer.Unanswered;
        }

        if (answer.Delivery != Delivery.Answered)
        {
            _connection.Dispose();
            _connection = null;
        }

        return answer;
    }
}
