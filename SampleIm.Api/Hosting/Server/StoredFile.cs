using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// Something that never changes while the program runs, kept compressed. It goes to the connection piece by piece: a client
/// that does not read holds a few pieces in memory, and not the whole of it.
/// </summary>
public sealed class StoredFile
{
    private const int PieceBytes = 8 * 1024;

    private readonly string _contentType;
    private readonly Func<Stream> _open;
    private readonly long _compressedLength;
    private readonly long _length;
    private readonly string _etag;
    private readonly string _gzipETag;

    /// <param name="contentType">What it is.</param>
    /// <param name="open">Opens the bytes, compressed by gzip.</param>
    public StoredFile(string contentType, Func<Stream> open)
    {
        (_contentType, _open) = (contentType, open);
        using var compressed = open();
        _compressedLength = compressed.Length;
        using var plain = new GZipStream(compressed, CompressionMode.Decompress);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        int count;
        while ((count = plain.Read(piece)) > 0)
        {
            digest.AppendData(piece, 0, count);
            _length += count;
        }

        var tag = Convert.ToHexStringLower(digest.GetHashAndReset().AsSpan(0, 16));
        (_etag, _gzipETag) = ($"\"{tag}\"", $"\"{tag}-gzip\"");
    }

    public async Task SendAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var isCompressed = AcceptedEncodings.Choose(request, AcceptedEncodings.Gzip) is not null;
        response.Headers.ETag = isCompressed ? _gzipETag : _etag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.CacheControl = "no-cache";
        if (EntityTags.AnyIs(request.Headers.IfNoneMatch, _etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = _contentType;
        response.ContentLength = isCompressed ? _compressedLength : _length;
        if (isCompressed)
        {
            response.Headers.ContentEncoding = AcceptedEncodings.Gzip;
        }

        if (!HttpMethods.IsHead(request.Method))
        {
            await CopyAsync(response.Body, isCompressed, context.RequestAborted);
        }
    }

    /// <summary>By hand: a stream's own copying reads pieces of 80 KB, or all at once.</summary>
    private async Task CopyAsync(Stream target, bool isCompressed, CancellationToken cancellation)
    {
        await using var compressed = _open();
        await using var plain = isCompressed ? null : new GZipStream(compressed, CompressionMode.Decompress);
        var source = plain ?? compressed;
        var piece = new byte[PieceBytes];
        int count;
        while ((count = await source.ReadAsync(piece, cancellation)) > 0)
        {
            await target.WriteAsync(piece.AsMemory(0, count), cancellation);
        }
    }
}
