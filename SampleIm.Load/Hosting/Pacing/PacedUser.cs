using System.Diagnostics;
using System.Net.Sockets;
using SampleIm.Load.Hosting.Wire;

namespace SampleIm.Load.Hosting.Pacing;

/// <summary>
/// One user with one connection and one request under way at most. What is due while an answer is awaited is owed: it is sent
/// when the answer has come, and its time counts from when it was due. So a slow server shows as slow, and does not make itself
/// less work.
/// </summary>
public abstract class PacedUser(Pace pace) : IAsker, IDisposable
{
    private static readonly long s_patience = 10 * Stopwatch.Frequency;

    private readonly Lock _lock = new();
    private HttpConnection? _connection;
    private long _dueAt;
    private long _begunAt;
    private int _owed;
    private bool _isBusy;
    private bool _isEnded;

    public Pace Pace { get; } = pace;

    /// <summary>Whether an answer is awaited.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _isBusy;
            }
        }
    }

    protected virtual bool KeepsBody => false;

    /// <summary>Opens the connection before the run.</summary>
    /// <exception cref="SocketException">The server does not take it.</exception>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        var connection = await HttpConnection.OpenAsync(Pace.Server, this, KeepsBody, cancel);
        lock (_lock)
        {
            _connection = connection;
        }
    }

    /// <summary>A request is due, since that moment.</summary>
    public void Due(long at)
    {
        lock (_lock)
        {
            if (_isEnded || !Pace.Takes())
            {
                return;
            }

            if (_isBusy)
            {
                _owed++;
                return;
            }

            if (at >= Pace.CountsFrom)
            {
                Pace.Tally.Lateness.Add(Stopwatch.GetTimestamp() - at);
            }

            Begin(at);
        }
    }

    /// <summary>Gives up what has waited too long.</summary>
    public void GiveUpLate()
    {
        HttpConnection? late = null;
        lock (_lock)
        {
            if (_isBusy && Stopwatch.GetTimestamp() - _begunAt > s_patience)
            {
                late = _connection;
            }
        }

        late?.Break("no answer within 10 s");
    }

    /// <summary>Ends: what is unanswered or owed now is an error, with the time that it has waited.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            var now = Stopwatch.GetTimestamp();
            for (; _isBusy; _owed--, _dueAt += Pace.Period, _isBusy = _owed >= 0)
            {
                Pace.Tally.Error("unanswered at the end");
                Count(now);
            }
        }
    }

    public void OnAnswer(AnswerParser answer)
    {
        lock (_lock)
        {
            if (!_isBusy || _isEnded)
            {
                return;
            }

            var now = Stopwatch.GetTimestamp();
            if (answer.Status is 429)
            {
                Pace.IsRateLimited = true;
            }

            if (Note(answer))
            {
                Count(now);
                if (_dueAt >= Pace.CountsFrom)
                {
                    Pace.Tally.Answer(answer.Status, answer.Length);
                }
            }
            else
            {
                Pace.Tally.Error($"status {answer.Status}");
            }

            if (!PayOwed())
            {
                Pace.Answered(this, now, answer.PollIntervalS);
            }
        }
    }

    public void OnFault(HttpConnection connection, string kind)
    {
        lock (_lock)
        {
            if (ReferenceEquals(connection, _connection))
            {
                Fail(kind);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isEnded = true;
            _connection?.Dispose();
            _connection = null;
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The bytes of the next request; good until the one after is made.</summary>
    protected abstract ReadOnlySpan<byte> NextRequest();

    /// <summary>Takes what it needs from the answer. Answers whether it is one that was wanted.</summary>
    protected abstract bool Note(AnswerParser answer);

    private void Begin(long at)
    {
        (_isBusy, _dueAt, _begunAt) = (true, at, Stopwatch.GetTimestamp());
        if (_connection is null)
        {
            _ = ReconnectAsync();
        }
        else
        {
            Send(_connection);
        }
    }

    private void Send(HttpConnection connection)
    {
        var request = NextRequest();
        if (_dueAt >= Pace.CountsFrom)
        {
            Pace.Tally.Sent(request.Length);
        }

        if (!connection.Send(request))
        {
            Fail("closed by the server");
        }
    }

    private async Task ReconnectAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            var connection = await HttpConnection.OpenAsync(Pace.Server, this, KeepsBody, patience.Token);
            lock (_lock)
            {
                if (_isEnded)
                {
                    connection.Dispose();
                    return;
                }

                _connection = connection;
                Send(connection);
            }
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            lock (_lock)
            {
                Fail(
                    fault is SocketException { SocketErrorCode: var code }
                        ? $"no connection: {code}"
                        : "no connection within 10 s");
            }
        }
    }

    private void Fail(string kind)
    {
        _connection?.Dispose();
        _connection = null;
        if (_isEnded)
        {
            return;
        }

        Pace.Tally.Error(kind);
        if (!_isBusy)
        {
            // It closed between two requests: the next one opens a connection.
            return;
        }

        if (!PayOwed())
        {
            Pace.Failed(this, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>The request is over. Sends the one that was due since, where there is one.</summary>
    private bool PayOwed()
    {
        _isBusy = false;
        if (_owed == 0)
        {
            return false;
        }

        _owed--;
        Begin(_dueAt + Pace.Period);
        return true;
    }

    private void Count(long now)
    {
        if (_dueAt >= Pace.CountsFrom)
        {
            Pace.Tally.Latencies.Add(now - _dueAt);
        }
    }
}
