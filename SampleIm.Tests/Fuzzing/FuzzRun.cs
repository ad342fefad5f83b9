using System.Collections.Concurrent;
using System.Net.Sockets;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>
/// Makes requests by number and holds their answers against the rules. The same number and seed make the same request.
/// </summary>
public sealed class FuzzRun(SampleImApp app, IReadOnlyList<FuzzedCall> calls, int seed)
{
    private const int Workers = 4;
    private const int MostFaultsShown = 10;

    /// <summary>For one answer. A failed sign-in takes 250 ms on purpose, and the machine may be busy.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Forge _forge = new(calls);
    private int _next;

    /// <summary>How often each call was answered with success.</summary>
    public ConcurrentDictionary<string, int> Successes { get; } = new();

    /// <summary>How often each status was answered; 0 where the connection was closed instead.</summary>
    public ConcurrentDictionary<int, int> Statuses { get; } = new();

    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Goes on from where it was until so many requests have been made in all.</summary>
    public async Task GoOnAsync(int upTo)
    {
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(worker, upTo)));
        _next = upTo;
    }

    private async Task WorkAsync(int worker, int upTo)
    {
        var footing = new Footing(app, $"fuzz-{worker}-{upTo}");
        await footing.RenewAsync();
        WireConnection? connection = null;
        int number;
        while ((number = Interlocked.Increment(ref _next)) <= upTo && Faults.Count < MostFaultsShown)
        {
            connection = await TryAsync(number, footing, connection);
        }

        connection?.Dispose();
    }

    private async Task<WireConnection?> TryAsync(int number, Footing footing, WireConnection? connection)
    {
        var random = new Random(unchecked((seed * 486187739) + number));
        var request = _forge.Make(footing, random);
        try
        {
            // A cut leaves nothing to go on with, and what comes behind something that is no HTTP is nothing either.
            var isLast = request.IsCut || request.MayBeNoHttp;
            var answer = connection is null ? null : await ExchangeAsync(request, connection);
            if (answer is null)
            {
                // A server may close a connection that was kept for more; then it has read nothing of this one.
                connection?.Dispose();
                connection = await WireConnection.OpenAsync(app.Address);
                answer = await ExchangeAsync(request, connection);
            }

            Statuses.AddOrUpdate(answer?.Status ?? 0, 1, (_, count) => count + 1);
            await AnswerRules.CheckAsync(request, answer, app.Documented);
            await NoteAsync(request, answer, footing);
            if (!isLast && answer is { IsLast: false })
            {
                return connection;
            }
        }
        catch (EndOfStreamException)
        {
            Statuses.AddOrUpdate(0, 1, (_, count) => count + 1);
        }
        catch (Exception fault) when (fault
            is AssertFailedException or OperationCanceledException or FormatException
                or IndexOutOfRangeException or ArgumentException)
        {
            Faults.Enqueue($"Request {number} of seed {seed}: {fault.Message}\n{request}");
        }

        connection?.Dispose();
        return null;
    }

    private async Task<RawAnswer?> ExchangeAsync(ForgedRequest request, WireConnection connection)
    {
        var bytes = request.ToBytes(app.Address.Authority);
        try
        {
            switch (request.Delivery)
            {
                case Delivery.CutAndReset:
                    await connection.SendAsync(bytes.AsMemory(0, (int)(bytes.Length * request.CutAt)));
                    return null;
                case Delivery.CutAndFinished:
                    await connection.SendAsync(bytes.AsMemory(0, (int)(bytes.Length * request.CutAt)));
                    connection.FinishSending();
                    break;
                case Delivery.Dripped:
                    foreach (var piece in bytes.Chunk(Math.Max(1, (bytes.Length / 10) + 1)))
                    {
                        await connection.SendAsync(piece);
                        await Task.Delay(1);
                    }

                    break;
                case Delivery.Pipelined when !request.MayBeNoHttp:
                    await connection.SendAsync(new byte[][] { bytes, bytes }.SelectMany(part => part).ToArray());
                    var first = await connection.ReadAsync(s_patience, request.Method == "HEAD");
                    if (first is not { IsLast: false })
                    {
                        return first;
                    }

                    break;
                default:
                    await connection.SendAsync(bytes);
                    break;
            }

            if (request.MayBeNoHttp && !request.IsCut)
            {
                connection.FinishSending();
            }
        }
        catch (SocketException)
        {
            // The server has read enough of it and said so: the answer is there to be read.
        }

        return await connection.ReadAsync(s_patience, request.Method == "HEAD");
    }

    private async Task NoteAsync(ForgedRequest request, RawAnswer? answer, Footing footing)
    {
        if (answer is null)
        {
            return;
        }

        if (answer.Status < 400 && !request.MayBeForAnother)
        {
            Successes.AddOrUpdate(request.Call.Id, 1, (_, count) => count + 1);
            footing.Note(request.Call, answer);
        }

        var isOut = answer.Status == 401
            && request.Carries("Cookie", footing.Cookie)
            && answer.Text.Contains("signInRequired", StringComparison.Ordinal);
        if (isOut || answer.Status == 429 || (answer.Status == 204 && request.Call.Id is "Logout" or "ChangePassword"))
        {
            await footing.RenewAsync();
        }
    }
}
