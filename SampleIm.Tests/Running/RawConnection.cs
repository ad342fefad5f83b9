using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SampleIm.Tests.Running;

/// <summary>A connection on which a test writes what no HTTP client would, or as slowly.</summary>
public sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client;

    private RawConnection(TcpClient client) => _client = client;

    /// <param name="server">Where to.</param>
    /// <param name="from">An address of this machine, where it matters which.</param>
    public static async Task<RawConnection> OpenAsync(Uri server, IPAddress? from = null)
    {
        var connection = new RawConnection(from is null ? new TcpClient() : new TcpClient(new IPEndPoint(from, 0)));
        await connection._client.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    public Task WriteAsync(string text) => _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    /// <summary>What the server sends until a text has come; all that it has sent where it closes before.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var read = new StringBuilder();
        var buffer = new byte[4096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await ReadAsync(buffer, patience.Token);
            if (count == 0)
            {
                break;
            }

            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    /// <summary>What the server sends until it closes the connection.</summary>
    public Task<string> ReadToEndAsync() => ReadUntilAsync("\0");

    public void Dispose() => _client.Dispose();

    private async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await _client.GetStream().ReadAsync(buffer, cancellation);
        }
        catch (IOException)
        {
            // Closed as well, with something still on its way.
            return 0;
        }
    }
}
