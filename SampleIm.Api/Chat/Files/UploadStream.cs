namespace SampleIm.Api.Chat.Files;

/// <summary>
/// The body of an upload, which gives up waiting where nothing comes for a while. Only the waiting counts: what the server itself
/// does between two reads may take its time.
/// </summary>
/// <param name="body">Where the bytes come from.</param>
/// <param name="patience">Cancelled when nothing has come for so long; the reads have to be given its token.</param>
public sealed class UploadStream(Stream body, CancellationTokenSource patience) : Stream
{
    /// <summary>How long an upload may stall. A dead connection ends so, and its user's next upload has room.</summary>
    public static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(60);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        patience.CancelAfter(LongestStall);
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
