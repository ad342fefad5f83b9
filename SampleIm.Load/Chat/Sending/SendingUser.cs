using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.Hosting.Wire;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Sending;

/// <summary>Somebody who writes into a conversation. Keeps what was acknowledged, for the audit.</summary>
public sealed class SendingUser : PacedUser
{
    private readonly byte[] _head;
    private readonly byte[] _request;
    private readonly byte[] _body = new byte[256];
    private readonly string _run;
    private readonly int _sender;
    private int _number;

    /// <param name="pace">When it writes.</param>
    /// <param name="account">Whose cookie it carries.</param>
    /// <param name="conversation">Where it writes.</param>
    /// <param name="run">What its texts begin with.</param>
    /// <param name="sender">Which sender of the run it is.</param>
    public SendingUser(Pace pace, LoadAccount account, string conversation, string run, int sender)
        : base(pace)
    {
        (_run, _sender) = (run, sender);
        _head = Encoding.ASCII.GetBytes(
            $"POST /api/conversations/{conversation}/messages HTTP/1.1\r\nHost: {pace.Server}\r\nCookie: "
            + $"{account.Cookie}\r\nContent-Type: application/json\r\nContent-Length: ");
        _request = new byte[_head.Length + _body.Length + 16];
        _head.CopyTo(_request, 0);
    }

    public List<SentMessage> Acknowledged { get; } = [];

    protected override bool KeepsBody => true;

    protected override ReadOnlySpan<byte> NextRequest()
    {
        _number++;
        Utf8.TryWrite(
            _body, $"{{\"text\":\"{_run}-{_sender}-{_number}\",\"clientId\":\"{_run}-{_sender}-{_number}\"}}", out var length);
        var rest = _request.AsSpan(_head.Length);
        Utf8.TryWrite(rest, $"{length}\r\n\r\n", out var written);
        _body.AsSpan(0, length).CopyTo(rest[written..]);
        return _request.AsSpan(0, _head.Length + written + length);
    }

    protected override bool Note(AnswerParser answer)
    {
        // 200 would say that this message was there before, and each one is new.
        if (answer.Status != 201 || SeqOf(answer.Body) is not { } seq)
        {
            return false;
        }

        Acknowledged.Add(new SentMessage(seq, _sender, _number));
        return true;
    }

    private static long? SeqOf(ReadOnlySpan<byte> message)
    {
        try
        {
            var json = new Utf8JsonReader(message);
            while (json.Read())
            {
                if (json.CurrentDepth == 1 && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("seq"u8))
                {
                    return json.Read() && json.TryGetInt64(out var seq) ? seq : null;
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Not a message: the answer is no acknowledgement.
        }

        return null;
    }
}
