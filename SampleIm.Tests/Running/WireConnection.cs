using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SampleIm.Tests.Running;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">By name, without regard to case; of several of one name the last.</param>
/// <param name="Body">Empty where there is none.</param>
public sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public bool IsLast => Headers.GetValueOrDefault("Connection") is "close";

    public string Text => Encoding.UTF8.GetString(Body);

    public bool IsProblem => Headers.GetValueOrDefault("Content-Type") is "application/problem+json";
}

/// <summary>HTTP/1.1 by hand: every byte of a request is the test's, also where no client would send it so.</summary>
public sealed class WireConnection : IDisposable
{
    private const int MostHeaderBytes = 64 * 1024;

    private readonly Socket _socket;
    private bool _hasFinished;
    private byte[] _received = [];

    private WireConnection(Socket socket) => _socket = socket;

    public static async Task<WireConnection> OpenAsync(Uri address)
    {
        // Closed by a reset: a hundred thousand connections would else wait for their ports to be free again.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(address.Host, address.Port);
        return new WireConnection(socket);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Says that nothing more will come; the answer can still be read.</summary>
    public void FinishSending()
    {
        _hasFinished = true;
        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>The next answer; null where the server has closed the connection instead.</summary>
    /// <exception cref="OperationCanceledException">The server kept the client waiting for too long.</exception>
    public async Task<RawAnswer?> ReadAsync(TimeSpan limit, bool isHead = false)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            RawAnswer? answer;
            do
            {
                answer = await ReadOneAsync(isHead, patience.Token);
            }
            while (answer?.Status is >= 100 and < 200);
            return answer;
        }
        catch (SocketException fault) when (fault.SocketErrorCode
            is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            return null;
        }
    }

    /// <summary>Waits until the server asks for the body of a request that expects to be asked: now it reads.</summary>
    public async Task AwaitContinueAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        Assert.AreEqual(100, (await ReadOneAsync(isHead: false, patience.Token))?.Status);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<RawAnswer?> ReadOneAsync(bool isHead, CancellationToken cancellation)
    {
        int end;
        while ((end = _received.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
        {
            Assert.IsLessThan(MostHeaderBytes, _received.Length, "The header of an answer has no end.");
            if (_received.Length > 0)
            {
                await ReceiveMoreAsync(cancellation);
            }
            else if (!await ReceiveAsync(cancellation))
            {
                return null;
            }
        }

        var lines = Encoding.Latin1.GetString(Take(end + 4)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            headers[
                line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[
                    (line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var hasBody = !isHead && status is >= 200 and not (204 or 304);
        return new RawAnswer(status, headers, hasBody ? await ReadBodyAsync(headers, cancellation) : []);
    }

    private async Task<byte[]> ReadBodyAsync(Dictionary<string, string> headers, CancellationToken cancellation)
    {
        if (headers.GetValueOrDefault("Transfer-Encoding") is "chunked")
        {
            return await ReadChunksAsync(cancellation);
        }

        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        await FillAsync(length, cancellation);
        return Take(length);
    }

    private async Task<byte[]> ReadChunksAsync(CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            int end;
            while ((end = _received.AsSpan().IndexOf("\r\n"u8)) < 0)
            {
                await ReceiveMoreAsync(cancellation);
            }

            var length = int.Parse(
                Encoding.ASCII.GetString(Take(end + 2)).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await FillAsync(length + 2, cancellation);
            body.Write(Take(length + 2).AsSpan(0, length));
            if (length == 0)
            {
                return body.WrittenSpan.ToArray();
            }
        }
    }

    private async Task FillAsync(int length, CancellationToken cancellation)
    {
        while (_received.Length < length)
        {
            await ReceiveMoreAsync(cancellation);
        }
    }

    /// <summary>More of an answer that has begun.</summary>
    /// <exception cref="EndOfStreamException">
    /// It was cut, as it may be: the client has said that nothing more will come.
    /// </exception>
    private async Task ReceiveMoreAsync(CancellationToken cancellation)
    {
        if (!await ReceiveAsync(cancellation))
        {
            // The server takes the end of what is sent for a client that hangs up, and may stop answering.
            Assert.IsTrue(_hasFinished, $"The answer was cut: {Encoding.Latin1.GetString(_received)}");
            throw new EndOfStreamException();
        }
    }

    private byte[] Take(int length)
    {
        var taken = _received[..length];
        _received = _received[length..];
        return taken;
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        var count = await _socket.ReceiveAsync(buffer, cancellation);
        _received = [.. _received, .. buffer.AsSpan(0, count)];
        return count > 0;
    }
}
