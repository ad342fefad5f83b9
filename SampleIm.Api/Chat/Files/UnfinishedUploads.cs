using Microsoft.Extensions.Options;

namespace SampleIm.Api.Chat.Files;

/// <summary>
/// The uploads that are being read, and the bytes that they take of their users' quotas: without them somebody who finishes no
/// upload would fill the disk.
/// </summary>
/// <remarks>
/// Of this server only. Servers on one database do not know each other's unfinished uploads, so on each of them a user has as
/// many uploads and as much room for what is unfinished. What is kept never exceeds the quota: the database decides that.
/// </remarks>
public sealed class UnfinishedUploads(ImageStore store, IOptions<ImageOptions> options)
{
    /// <summary>Uploads of one user at the same time.</summary>
    public const int MostOfAUser = 4;

    private readonly Dictionary<long, Uploader> _uploaders = [];

    /// <summary>Users with an unfinished upload.</summary>
    public int Count
    {
        get
        {
            lock (_uploaders)
            {
                return _uploaders.Count;
            }
        }
    }

    /// <summary>Begins an upload, to be disposed at its end; null where the user has as many as there may be.</summary>
    public UnfinishedUpload? Begin(long ownerId)
    {
        lock (_uploaders)
        {
            if (!_uploaders.TryGetValue(ownerId, out var uploader))
            {
                _uploaders.Add(ownerId, uploader = new Uploader(ownerId, options.Value.QuotaBytes));
            }

            if (uploader.Uploads == MostOfAUser)
            {
                return null;
            }

            uploader.Uploads++;
            return new UnfinishedUpload(uploader, store, End);
        }
    }

    private void End(Uploader uploader)
    {
        lock (_uploaders)
        {
            if (--uploader.Uploads == 0)
            {
                _uploaders.Remove(uploader.Id);
                uploader.Dispose();
            }
        }
    }

    /// <summary>Somebody with at least one unfinished upload.</summary>
    internal sealed class Uploader(long id, long quotaBytes) : IDisposable
    {
        private readonly Lock _lock = new();
        private long _keptBytes;
        private long _unfinishedBytes;

        public long Id { get; } = id;

        public long QuotaBytes { get; } = quotaBytes;

        /// <summary>How many; guarded by the list's lock.</summary>
        public int Uploads { get; set; }

        /// <summary>Held while a sum is read or an image is kept, so that none counts twice, as kept and as unfinished.</summary>
        public SemaphoreSlim Turn { get; } = new(1);

        /// <summary>Takes what the database says.</summary>
        public void SetKept(long bytes)
        {
            lock (_lock)
            {
                _keptBytes = bytes;
            }
        }

        public bool TryReserve(long bytes)
        {
            lock (_lock)
            {
                if (_keptBytes + _unfinishedBytes + bytes > QuotaBytes)
                {
                    return false;
                }

                _unfinishedBytes += bytes;
                return true;
            }
        }

        /// <summary>What was reserved is kept, or else is gone.</summary>
        public void Release(long reservedBytes, long keptBytes)
        {
            lock (_lock)
            {
                _unfinishedBytes -= reservedBytes;
                _keptBytes += keptBytes;
            }
        }

        public void Dispose() => Turn.Dispose();
    }
}

/// <summary>
/// An upload that is being read: it holds room in its user's quota for what has come, and what it says will come.
/// </summary>
public sealed class UnfinishedUpload : IDisposable
{
    private readonly UnfinishedUploads.Uploader _uploader;
    private readonly ImageStore _store;
    private readonly Action<UnfinishedUploads.Uploader> _end;
    private long _reserved;

    internal UnfinishedUpload(UnfinishedUploads.Uploader uploader, ImageStore store, Action<UnfinishedUploads.Uploader> end) =>
        (_uploader, _store, _end) = (uploader, store, end);

    /// <summary>Asks the database what the user has, and reserves so many bytes; false where there is no room for them.</summary>
    public async Task<bool> TryOpenAsync(long bytes, CancellationToken cancellation)
    {
        await _uploader.Turn.WaitAsync(cancellation);
        try
        {
            _uploader.SetKept(await _store.SumOfOwnerAsync(_uploader.Id, cancellation));
        }
        finally
        {
            _uploader.Turn.Release();
        }

        return TryReserve(bytes);
    }

    /// <summary>Reserves room for so many bytes in all; false, and nothing changes, where there is none.</summary>
    public bool TryReserve(long bytes)
    {
        var more = bytes - _reserved;
        if (more <= 0)
        {
            return true;
        }

        if (!_uploader.TryReserve(more))
        {
            return false;
        }

        _reserved = bytes;
        return true;
    }

    /// <summary>Keeps the image; false where its owner would then have too much: other servers may have kept some.</summary>
    public async Task<bool> TryKeepAsync(ImageRow image, CancellationToken cancellation)
    {
        await _uploader.Turn.WaitAsync(cancellation);
        try
        {
            var isKept = await _store.AddAsync(image, _uploader.QuotaBytes, cancellation);
            Release(isKept ? image.Size : 0);
            return isKept;
        }
        finally
        {
            _uploader.Turn.Release();
        }
    }

    public void Dispose()
    {
        Release(keptBytes: 0);
        _end(_uploader);
    }

    private void Release(long keptBytes)
    {
        _uploader.Release(_reserved, keptBytes);
        _reserved = 0;
    }
}
