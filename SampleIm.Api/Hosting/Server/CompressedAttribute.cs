using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Net.Http.Headers;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// The answers of the controller are compressed where they are long and the client takes that. Not for an answer that holds
/// both a secret and what a stranger wrote: how well the two compress together tells a listener on the line about the secret
/// (BREACH).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CompressedAttribute : Attribute, IAsyncResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (AcceptedEncodings.Choose(http.Request, AcceptedEncodings.Brotli, AcceptedEncodings.Gzip) is not { } encoding)
        {
            await next();
            return;
        }

        var features = http.Features;
        var plain = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var stream = new CompressingStream(http.Response, plain.Stream, encoding);
        var body = new StreamResponseBodyFeature(stream, plain);
        features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next();
            await body.CompleteAsync();
            await stream.FinishAsync(http.RequestAborted);
        }
        finally
        {
            features.Set(plain);
        }
    }

    /// <summary>Holds what is written back until it is more than a little, and compresses it then.</summary>
    private sealed class CompressingStream(HttpResponse response, Stream target, string encoding) : Stream
    {
        /// <summary>Below that an answer fits into one packet either way.</summary>
        private const int Little = 1024;

        private readonly byte[] _held = new byte[Little];
        private int _count;
        private Stream? _compressor;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_compressor is null && _count + buffer.Length <= Little)
            {
                buffer.CopyTo(_held.AsMemory(_count));
                _count += buffer.Length;
                return;
            }

            if (_compressor is null)
            {
                _compressor = Start();
                await _compressor.WriteAsync(_held.AsMemory(0, _count), cancellationToken);
            }

            await _compressor.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        /// <summary>The answer is written: what was held, or the end of what was compressed.</summary>
        public async Task FinishAsync(CancellationToken cancellation)
        {
            if (_compressor is not null)
            {
                await _compressor.DisposeAsync();
                return;
            }

            if (_count > 0)
            {
                response.ContentLength = _count;
                await target.WriteAsync(_held.AsMemory(0, _count), cancellation);
            }
        }

        /// <summary>Nothing is sent on before it is complete: an answer of JSON means nothing before.</summary>
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private Stream Start()
        {
            response.Headers.ContentEncoding = encoding;
            response.ContentLength = null;
            return encoding == AcceptedEncodings.Brotli
                ? new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true)
                : new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        }
    }
}
