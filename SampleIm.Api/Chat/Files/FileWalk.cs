namespace SampleIm.Api.Chat.Files;

/// <summary>Reads a file from a place on, through a small buffer: forward only, and past its end nothing but its end.</summary>
internal ref struct FileWalk
{
    /// <summary>Bytes of a buffer that its owner puts on the stack.</summary>
    public const int BufferBytes = 4096;

    private readonly Stream _file;
    private readonly Span<byte> _buffer;
    private int _at;
    private int _end;

    public FileWalk(Stream file, long position, Span<byte> buffer)
    {
        _file = file;
        _buffer = buffer;
        _file.Position = position;
    }

    /// <summary>Where the next byte stands.</summary>
    public readonly long Position => _file.Position - (_end - _at);

    /// <summary>The next byte; negative at the end.</summary>
    public int ReadByte() => _at < _end || Fill() ? _buffer[_at++] : -1;

    /// <summary>The next bytes, all of them; false where the file has less.</summary>
    public bool TryRead(scoped Span<byte> bytes)
    {
        for (var index = 0; index < bytes.Length; index++)
        {
            var value = ReadByte();
            if (value < 0)
            {
                return false;
            }

            bytes[index] = (byte)value;
        }

        return true;
    }

    public void Skip(long count)
    {
        if (count <= _end - _at)
        {
            _at += (int)count;
            return;
        }

        var next = Position + count;
        (_at, _end) = (0, 0);
        // Beyond the end there is nothing to read, however far.
        _file.Position = Math.Min(next, _file.Length);
    }

    private bool Fill()
    {
        (_at, _end) = (0, _file.Read(_buffer));
        return _end > 0;
    }
}
