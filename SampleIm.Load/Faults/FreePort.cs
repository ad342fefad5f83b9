using System.Net;
using System.Net.Sockets;

namespace SampleIm.Load.Faults;

/// <summary>
/// Finds ports that stay free while nobody listens on them. Those that the system hands out are no good: while the server is dead
/// a client could be given the server's own port for its end, and so keep it from coming back.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 29_999;

    /// <exception cref="LoadException">There is none.</exception>
    public static int Find()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }

        throw new LoadException($"No port between {First} and {Last} is free.");
    }
}
