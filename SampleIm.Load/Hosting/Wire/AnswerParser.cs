using System.Buffers.Text;
using System.Text;

namespace SampleIm.Load.Hosting.Wire;

/// <summary>
/// Reads HTTP/1.1 answers from bytes as they come, one answer after the other, and keeps of each what a run asks for. Reading
/// allocates nothing, except where a body is kept.
/// </summary>
/// <param name="keepsBody">Whether <see cref="Body"/> is wanted; otherwise bodies are only counted.</param>
public sealed class AnswerParser(bool keepsBody)
{
    /// <summary>Longer tags are not kept: the next request then carries none.</summary>
    private const int LongestETag = 128;

    private readonly byte[] _etag = new byte[LongestETag];
    private byte[] _body = [];
    private Part _part;
    private int _etagLength;
    private long _left;
    private bool _isChunked;

    private enum Part
    {
        StatusLine,
        Headers,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailers,
        Done,
    }

    public int Status { get; private set; }

    /// <summary>The entity tag with its quotes; empty where there was none.</summary>
    public ReadOnlySpan<byte> ETag => _etag.AsSpan(0, _etagLength);

    /// <summary>After how many seconds the server wants to be asked again; 0 where it did not say.</summary>
    public double PollIntervalS { get; private set; }

    /// <summary>Bytes of the body so far.</summary>
    public long BodyLength { get; private set; }

    /// <summary>Bytes of the answer so far, head and all.</summary>
    public long Length { get; private set; }

    public ReadOnlySpan<byte> Body => keepsBody ? _body.AsSpan(0, (int)BodyLength) : [];

    /// <summary>Whether the server said that it closes the connection after this answer.</summary>
    public bool Closes { get; private set; }

    public bool IsComplete => _part == Part.Done;

    /// <summary>Forgets the answer: the next byte is the first of another one.</summary>
    public void Reset()
    {
        (_part, Status, _etagLength, PollIntervalS, BodyLength, Length, Closes) = (Part.StatusLine, 0, 0, 0, 0, 0, false);
        (_left, _isChunked) = (0, false);
    }

    /// <summary>Reads on, up to the end of the answer at most.</summary>
    /// <returns>
    /// How many bytes are done with. The rest, an unfinished line, has to be passed again with what follows it.
    /// </returns>
    /// <exception cref="MalformedAnswerException">This is not an HTTP/1.1 answer with a known end.</exception>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (_part != Part.Done)
        {
            if (_part is Part.Body or Part.Chunk)
            {
                if (at == bytes.Length)
                {
                    break;
                }

                at += ReadBody(bytes[at..]);
                continue;
            }

            var end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            ReadLine(bytes.Slice(at, end).TrimEnd((byte)'\r'));
            at += end + 1;
        }

        Length += at;
        return at;
    }

    private int ReadBody(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..(int)Math.Min(_left, bytes.Length)];
        if (keepsBody)
        {
            if (_body.Length < BodyLength + taken.Length)
            {
                Array.Resize(ref _body, (int)Math.Max(BodyLength + Math.Max(_left, taken.Length), 2L * _body.Length));
            }

            taken.CopyTo(_body.AsSpan((int)BodyLength));
        }

        BodyLength += taken.Length;
        _left -= taken.Length;
        if (_left == 0)
        {
            _part = _part == Part.Body ? Part.Done : Part.ChunkEnd;
        }

        return taken.Length;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        switch (_part)
        {
            case Part.StatusLine:
                ReadStatus(line);
                break;
            case Part.Headers when line.IsEmpty:
                EndHead();
                break;
            case Part.Headers:
                ReadHeader(line);
                break;
            case Part.ChunkSize:
                ReadChunkSize(line);
                break;
            case Part.ChunkEnd when line.IsEmpty:
                _part = Part.ChunkSize;
                break;
            case Part.ChunkEnd:
                throw new MalformedAnswerException("A chunk is longer than announced.");
            default:
                if (line.IsEmpty)
                {
                    _part = Part.Done;
                }

                break;
        }
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("HTTP/1."u8)
            || line.Length < 12
            || !Utf8Parser.TryParse(line[9..12], out int status, out var read)
            || read != 3)
        {
            throw new MalformedAnswerException("An answer does not begin with a status.");
        }

        (Status, _left, _part) = (status, -1, Part.Headers);
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            throw new MalformedAnswerException("A header has no value.");
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        // Lengths first: most headers are none of these.
        switch (name.Length)
        {
            case 4 when Is(name, "ETag"u8):
                _etagLength = value.Length <= LongestETag ? value.Length : 0;
                value[.._etagLength].CopyTo(_etag);
                break;
            case 10 when Is(name, "Connection"u8):
                Closes = Is(value, "close"u8);
                break;
            case 14 when Is(name, "Content-Length"u8):
                _left = Utf8Parser.TryParse(value, out long length, out var read) && read == value.Length && length >= 0
                    ? length
                    : throw new MalformedAnswerException("Content-Length is not a number.");
                break;
            case 15 when Is(name, "X-Poll-Interval"u8):
                PollIntervalS = Utf8Parser.TryParse(value, out double seconds, out _) ? seconds : 0;
                break;
            case 17 when Is(name, "Transfer-Encoding"u8):
                _isChunked = Is(value, "chunked"u8);
                break;
            default:
                break;
        }
    }

    private void EndHead()
    {
        if (Status is >= 100 and < 200)
        {
            // Only an announcement of the answer, which is still to come.
            var length = Length;
            Reset();
            Length = length;
        }
        else if (Status is 204 or 304)
        {
            _part = Part.Done;
        }
        else if (_isChunked)
        {
            _part = Part.ChunkSize;
        }
        else
        {
            _part = _left switch
            {
                0 => Part.Done,
                > 0 => Part.Body,
                _ => throw new MalformedAnswerException("An answer does not say how long it is."),
            };
        }
    }

    private void ReadChunkSize(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out int size, out var read, 'X') || read == 0 || size < 0)
        {
            throw new MalformedAnswerException("A chunk does not say how long it is.");
        }

        (_left, _part) = (size, size == 0 ? Part.Trailers : Part.Chunk);
    }

    private static bool Is(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> text) => Ascii.EqualsIgnoreCase(bytes, text);
}

/// <summary>What came is not an answer that can be read; the connection is of no more use.</summary>
public sealed class MalformedAnswerException(string message) : Exception(message);
