using System.Text;
using SampleIm.Load.Hosting.Pacing;
using SampleIm.Load.Hosting.Wire;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Chat.Polling;

/// <summary>Somebody whose page asks what has changed.</summary>
public sealed class PollingUser : PacedUser
{
    private readonly byte[] _head;
    private readonly bool _asksForChanges;
    private byte[] _request;
    private int _etagAt;
    private int _etagLength;

    /// <param name="pace">When it asks, and whom.</param>
    /// <param name="account">Whose cookie it carries.</param>
    /// <param name="path">What it asks for.</param>
    /// <param name="asksForChanges">Whether it carries the last answer's ETag; without it each answer is whole.</param>
    public PollingUser(Pace pace, LoadAccount account, string path = "/api/total", bool asksForChanges = true)
        : base(pace)
    {
        _head = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {pace.Server}\r\nCookie: {account.Cookie}\r\n");
        _asksForChanges = asksForChanges;
        _request = [.. _head, .. "\r\n"u8];
    }

    /// <summary>Bytes of the last whole answer's body.</summary>
    public long BodyLength { get; private set; }

    /// <summary>The tag that the next request carries.</summary>
    public string ETag
    {
        get => Encoding.ASCII.GetString(_request.AsSpan(_etagAt, _etagLength));
        set => Remember(Encoding.ASCII.GetBytes(value));
    }

    protected override ReadOnlySpan<byte> NextRequest() => _request;

    protected override bool Note(AnswerParser answer)
    {
        if (answer.Status == 200)
        {
            BodyLength = answer.BodyLength;
            if (_asksForChanges && !answer.ETag.IsEmpty)
            {
                Remember(answer.ETag);
            }

            return true;
        }

        return answer.Status == 304 && _etagLength > 0;
    }

    private void Remember(ReadOnlySpan<byte> etag)
    {
        if (etag.Length == _etagLength)
        {
            // Tags of one server have one length: in the long run no request is made again.
            etag.CopyTo(_request.AsSpan(_etagAt));
            return;
        }

        _request = [.. _head, .. "If-None-Match: "u8, .. etag, .. "\r\n\r\n"u8];
        (_etagAt, _etagLength) = (_request.Length - 4 - etag.Length, etag.Length);
    }
}
