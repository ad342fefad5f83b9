using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Chat.Files;

[ApiController]
[Tags("Images")]
public sealed class ImagesController(
    ImageStore store, ImageFiles files, UnfinishedUploads uploads, Sessions sessions, IOptions<ImageOptions> options,
    TimeProvider clock) : ControllerBase
{
    private const string FieldName = "file";

    /// <summary>RFC 2046, 5.1.1.</summary>
    private const int LongestBoundary = 70;

    /// <summary>Fields that a form may have before the file.</summary>
    private const int MostFields = 16;

    /// <summary>What a form has around the file: boundaries, part headers, other short fields.</summary>
    private const long FormOverhead = 64 * 1024;

    /// <summary>After a refusal because of uploads that are under way: by then a fast one has ended.</summary>
    private static readonly TimeSpan s_uploadsRetry = TimeSpan.FromSeconds(5);

    private CancellationToken Cancellation => HttpContext.RequestAborted;

    /// <summary>Uploads an image, to be sent as a message afterwards.</summary>
    /// <remarks>
    /// PNG, JPEG, GIF or WebP, decided by the bytes and not by the name or the declared type; at most 10 MB and 50 million
    /// pixels unless the server is configured otherwise, and 1 GB for all images of a user, those included that are on their
    /// way. What is not sent within 24 hours is removed; that and a recall make room again. A user has at most four uploads under
    /// way at the same time, and each has 20 minutes unless configured otherwise; one of which nothing comes for 60 seconds ends.
    /// </remarks>
    /// <response code="201">The image; send it with its id.</response>
    [HttpPost("api/images", Name = "UploadImage")]
    [EnableRateLimiting(RateLimits.Upload)]
    [UploadsFile(FieldName)]
    [Fails(ProblemCodes.ImageUnsupported, ProblemCodes.ImageTooLarge, ProblemCodes.ImageInvalid, ProblemCodes.ImageQuotaExceeded,
        ProblemCodes.ImageTooManyUploads, ProblemCodes.RequestInvalid, ProblemCodes.RequestMalformed, ProblemCodes.RequestTimeout,
        ProblemCodes.RequestTooLarge, ProblemCodes.RequestUnsupportedMediaType)]
    [ProducesResponseType<ImageResponse>(201)]
    public async Task<IActionResult> Upload()
    {
        // The limit is kept here and not by the server: that would cut the connection, and the client would never read why.
        // Only a form that goes on and on around its file is cut off.
        var maxBody = options.Value.MaxBytes + FormOverhead;
        HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = 2 * maxBody;
        if (Request.ContentLength > maxBody)
        {
            return TooLarge();
        }

        if (!Request.HasFormContentType
            || HeaderUtilities.RemoveQuotes(
                MediaTypeHeaderValue.Parse(
                    Request.ContentType).Boundary).Value is not { Length: > 0 and <= LongestBoundary } boundary)
        {
            return ApiProblem.Of(ProblemCodes.RequestUnsupportedMediaType, "Send the image as multipart/form-data.");
        }

        using var upload = uploads.Begin(HttpContext.Caller().User.Id);
        if (upload is null)
        {
            return ApiProblem.Of(
                ProblemCodes.ImageTooManyUploads, $"At most {UnfinishedUploads.MostOfAUser} uploads of a user may be under way.",
                s_uploadsRetry);
        }

        // What a sender says beforehand is reserved at once, and the rest as it comes: how long the form around the file is, is
        // unknown.
        return await upload.TryOpenAsync(Math.Max(0, (Request.ContentLength ?? 0) - FormOverhead), Cancellation)
            ? await ReadAsync(boundary, maxBody, upload)
            : NoRoom();
    }

    /// <summary>The bytes of an image.</summary>
    /// <remarks>
    /// Never changes, so it may be kept for good; a part can be asked for by range. Where `If-Match` or `If-Unmodified-Since` do
    /// not hold the answer is 412, and 416 where the image is shorter than the range.
    /// </remarks>
    /// <param name="id">The image's id.</param>
    /// <response code="200">The bytes, with the type that they were verified to have.</response>
    /// <response code="206">The part that was asked for.</response>
    /// <response code="304">The caller has it.</response>
    [HttpGet("media/{id}", Name = "GetImage")]
    [Fails(ProblemCodes.MediaUnknown, ProblemCodes.RequestPreconditionFailed, ProblemCodes.RequestRangeNotSatisfiable)]
    [ProducesFile]
    public async Task<IActionResult> Get(string id)
    {
        // To MySQL an id with a blank behind it is the same.
        if (await store.FindAsync(id, Cancellation) is not { } image
            || image.Id != id
            || !System.IO.File.Exists(files.PathOf(image.Id)))
        {
            return ApiProblem.Of(ProblemCodes.MediaUnknown);
        }

        Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var etag = $"\"{image.Id}\"";
        if (EntityTags.AnyIs(Request.Headers.IfNoneMatch, etag))
        {
            Request.Headers.IfNoneMatch = etag;
        }

        return PhysicalFile(files.PathOf(image.Id), image.ContentType, image.CreatedAt, new EntityTagHeaderValue(etag),
            enableRangeProcessing: true);
    }

    private async Task<IActionResult> ReadAsync(string boundary, long maxBody, UnfinishedUpload upload)
    {
        using var patience = new CancellationTokenSource(options.Value.MaxUploadTime, clock);
        using var stall = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Cancellation, patience.Token, stall.Token);
        var form = new MultipartReader(boundary, new UploadStream(Request.Body, stall)) { BodyLengthLimit = maxBody };
        try
        {
            return await FindFileAsync(form, either.Token) is { } file
                ? await StoreAsync(file, upload, either.Token)
                : ApiProblem.OfField(ProblemCodes.RequestInvalid, FieldName, "The form has no such file.");
        }
        catch (OperationCanceledException) when ((patience.IsCancellationRequested || stall.IsCancellationRequested)
            && !Cancellation.IsCancellationRequested)
        {
            if (HttpProtocol.IsHttp11(Request.Protocol))
            {
                // What is still to come is not read either.
                Response.Headers.Connection = "close";
            }

            return ApiProblem.Of(ProblemCodes.RequestTimeout, patience.IsCancellationRequested
                ? "The upload took too long."
                : $"Nothing came of the upload for {UploadStream.LongestStall.TotalSeconds:0} seconds.");
        }
        catch (Exception fault) when (fault is InvalidDataException
            || (
                fault is IOException and not (BadHttpRequestException or ConnectionResetException)
                    && !Cancellation.IsCancellationRequested))
        {
            return ApiProblem.Of(ProblemCodes.RequestMalformed, "The body is no complete multipart/form-data.");
        }
    }

    private static async Task<Stream?> FindFileAsync(MultipartReader form, CancellationToken cancellation)
    {
        for (var sections = 0; sections < MostFields && await form.ReadNextSectionAsync(cancellation) is { } section; sections++)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                && HeaderUtilities.RemoveQuotes(disposition.Name) == FieldName)
            {
                return section.Body;
            }
        }

        return null;
    }

    private async Task<IActionResult> StoreAsync(Stream source, UnfinishedUpload upload, CancellationToken cancellation)
    {
        var id = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        var kept = false;
        try
        {
            var isTooLarge = false;
            bool HasRoom(long bytes) => !(isTooLarge = bytes > options.Value.MaxBytes) && upload.TryReserve(bytes);
            if (await files.WriteAsync(id, source, HasRoom, cancellation) is not { } size)
            {
                return isTooLarge ? TooLarge() : NoRoom();
            }

            var header = files.ReadHeader(id);
            if (ValidateHeader(header) is { } problem)
            {
                return problem;
            }

            // This body is read here and not before the action, and it may have come slowly.
            if (await sessions.HasEndedAsync(HttpContext.Caller(), cancellation))
            {
                return ApiProblem.Of(ProblemCodes.AccountSignInRequired);
            }

            var image = RowOf(id, size, header!);
            kept = await upload.TryKeepAsync(image, cancellation);
            if (!kept)
            {
                return NoRoom();
            }

            var answer = ImageResponse.Of(id, image.ContentType, size, header!.Width, header.Height);
            return Created(answer.Url, answer);
        }
        finally
        {
            if (!kept)
            {
                files.Remove(id);
            }
        }
    }

    private ImageRow RowOf(string id, long size, ImageHeader header) => new()
    {
        Id = id,
        OwnerId = HttpContext.Caller().User.Id,
        ContentType = header.ContentType,
        Size = size,
        Width = header.Width,
        Height = header.Height,
        CreatedAt = clock.GetUtcNow(),
    };

    private ApiProblem? ValidateHeader(ImageHeader? header)
    {
        if (header is null)
        {
            return ApiProblem.Of(ProblemCodes.ImageUnsupported, "An image is a PNG, JPEG, GIF or WebP file.");
        }

        if (header.IsBroken)
        {
            return ApiProblem.Of(ProblemCodes.ImageInvalid, "The header of the image is broken.");
        }

        return header.Pixels > options.Value.MaxPixels
            ? ApiProblem.Of(ProblemCodes.ImageInvalid, $"An image has at most {options.Value.MaxPixels} pixels.")
            : null;
    }

    private ApiProblem NoRoom() => ApiProblem.Of(
        ProblemCodes.ImageQuotaExceeded,
        $"All your images together have at most {options.Value.QuotaBytes} bytes: recall some, or wait for your other uploads.");

    private ApiProblem TooLarge() =>
        ApiProblem.Of(ProblemCodes.ImageTooLarge, $"An image has at most {options.Value.MaxBytes} bytes.");
}
