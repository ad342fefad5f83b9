using System.Net;
using System.Net.Sockets;

namespace SampleIm.Load.Hosting.Wire;

/// <summary>
/// Anyone who asks over an <see cref="HttpConnection"/>. Called on the thread that received, so it must not block.
/// </summary>
public interface IAsker
{
    /// <summary>The answer is there whole. It is gone when the call returns. The next request may be sent from within.</summary>
    void OnAnswer(AnswerParser answer);

    /// <summary>
    /// The connection is of no more use, and a request under way stays unanswered. Called once at most for a connection.
    /// </summary>
    /// <param name="connection">Which one, because it may be an earlier one.</param>
    /// <param name="kind">What happened, in words that are the same each time.</param>
    void OnFault(HttpConnection connection, string kind);
}

/// <summary>
/// One kept-alive HTTP/1.1 connection with one request under way at most. A generator of load shares the machine with the server,
/// so it has to be cheap: a request is bytes made before, a synchronous write, and a receive that is always waiting.
/// </summary>
public sealed class HttpConnection : IDisposable
{
    /// <summary>Holds the head of an answer, line by line; bodies of any length pass through.</summary>
    private const int BufferBytes = 4096;

    private const int Closed = 0;
    private const int Idle = 1;
    private const int Waiting = 2;

    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly AnswerParser _parser;
    private readonly IAsker _asker;
    private int _state = Closed;
    private int _unread;

    private HttpConnection(Socket socket, IAsker asker, bool keepsBody)
    {
        (_socket, _asker, _parser) = (socket, asker, new AnswerParser(keepsBody));
        _receive.Completed += (_, _) =>
        {
            if (Take())
            {
                Receive();
            }
        };
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="asker">Who hears of answers and faults.</param>
    /// <param name="keepsBody">Whether the asker wants the bodies of answers.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="SocketException">The server does not take it.</exception>
    public static async Task<HttpConnection> OpenAsync(IPEndPoint server, IAsker asker, bool keepsBody, CancellationToken cancel)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connection = new HttpConnection(socket, asker, keepsBody) { _state = Idle };
        connection.Receive();
        return connection;
    }

    /// <summary>
    /// Sends a request; the asker hears of the answer, or of the fault. False where the connection was lost before.
    /// </summary>
    public bool Send(ReadOnlySpan<byte> request)
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) != Idle)
        {
            return false;
        }

        try
        {
            _socket.Send(request);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            Break("closed by the server");
        }

        return true;
    }

    /// <summary>Gives the connection up; the asker hears of it, unless it was of no more use before.</summary>
    public void Break(string kind)
    {
        if (Interlocked.Exchange(ref _state, Closed) != Closed)
        {
            _socket.Dispose();
            _asker.OnFault(this, kind);
        }
    }

    /// <summary>Closes it; the asker hears nothing.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _state, Closed);
        _socket.Dispose();
        _receive.Dispose();
    }

    private void Receive()
    {
        try
        {
            do
            {
                _receive.SetBuffer(_buffer, _unread, _buffer.Length - _unread);
                if (_socket.ReceiveAsync(_receive))
                {
                    // The rest goes on when bytes have come.
                    return;
                }
            }
            while (Take());
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile, and told.
        }
    }

    /// <summary>Takes what was received. Answers whether to receive on.</summary>
    private bool Take()
    {
        if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
        {
            Break("closed by the server");
            return false;
        }

        var bytes = _buffer.AsSpan(0, _unread + _receive.BytesTransferred);
        try
        {
            while (!bytes.IsEmpty)
            {
                if (Volatile.Read(ref _state) != Waiting)
                {
                    Break("answered unasked");
                    return false;
                }

                var read = _parser.Read(bytes);
                bytes = bytes[read..];
                if (_parser.IsComplete)
                {
                    Hand();
                }
                else if (read == 0)
                {
                    break;
                }
            }
        }
        catch (MalformedAnswerException)
        {
            Break("malformed answer");
            return false;
        }

        if (bytes.Length == _buffer.Length)
        {
            Break("header too long");
            return false;
        }

        bytes.CopyTo(_buffer);
        _unread = bytes.Length;
        return Volatile.Read(ref _state) != Closed;
    }

    private void Hand()
    {
        var closes = _parser.Closes;
        if (Interlocked.CompareExchange(ref _state, closes ? Closed : Idle, Waiting) != Waiting)
        {
            return;
        }

        if (closes)
        {
            _socket.Dispose();
        }

        // The asker may send from within: the answer must be its own until then, and forgotten before the next bytes are read.
        _asker.OnAnswer(_parser);
        _parser.Reset();
        if (closes)
        {
            _asker.OnFault(this, "closed by the server");
        }
    }
}
