using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Chat.Messages;

[ApiController]
[Compressed]
[Route("api/conversations/{id}/messages")]
[Tags("Messages")]
public sealed class MessagesController(
    ConversationStore conversations, MessageStore messages, MessageLedger ledger, Views views, SendMetrics metrics,
    IOptions<MessageOptions> options) : ControllerBase
{
    public const int MaxClientIdLength = 64;

    private Session Caller => HttpContext.Caller();

    /// <summary>What changed since a version: new, edited and recalled messages alike.</summary>
    /// <remarks>
    /// Begin with 0, or with the conversation's version as it was before the history was fetched; then pass the answered
    /// version on. While hasMore is true ask again at once. An answered version below the one passed means that the
    /// database was restored from a backup: start afresh.
    /// </remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="after" example="0">The version up to which the caller knows everything, 0 or more.</param>
    /// <param name="limit">How many messages at most, 1 to 500.</param>
    /// <response code="200">The changed messages in the order of their versions.</response>
    [HttpGet("new", Name = "GetNewMessages")]
    [Routine]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember)]
    [ProducesResponseType<NewMessagesResponse>(200)]
    public async Task<IActionResult> ListNew(
        string id, CancellationToken cancellation,
        [FromQuery, Range(0, long.MaxValue, ErrorMessage = "A version is 0 or more.")] long after = 0,
        [FromQuery, Range(1, 500)] int limit = 100)
    {
        var place = await LocateAsync(id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        var (rows, version, hasMore) = place.ConversationId is { } conversationId
            ? await messages.ListSinceAsync(conversationId, after, limit, cancellation)
            : ([], 0, false);
        return Ok(new NewMessagesResponse(Respond(rows, place), version, hasMore));
    }

    /// <summary>A page of history: the messages before one, oldest first.</summary>
    /// <remarks>For the page before this one pass the number of its first message; hasMore says whether there is one.</remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="before">The number of the oldest message that the caller has; without it the latest page.</param>
    /// <param name="limit">How many messages at most, 1 to 100.</param>
    /// <response code="200">The page.</response>
    [HttpGet("history", Name = "GetHistory")]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember)]
    [ProducesResponseType<HistoryResponse>(200)]
    public async Task<IActionResult> ListHistory(
        string id, CancellationToken cancellation,
        [FromQuery, Range(1, long.MaxValue, ErrorMessage = "A message number is 1 or more.")] long? before = null,
        [FromQuery, Range(1, 100)] int limit = 10)
    {
        var place = await LocateAsync(id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        var (rows, hasMore) = place.ConversationId is { } conversationId
            ? await messages.ListBeforeAsync(conversationId, before ?? long.MaxValue, limit, cancellation)
            : ([], false);
        return Ok(new HistoryResponse(Respond(rows, place), hasMore));
    }

    /// <summary>One message.</summary>
    /// <remarks>Recalled messages are there too, without their content.</remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="seq" example="1">The message's number.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The message as it is now.</response>
    [HttpGet("{seq}", Name = "GetMessage")]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember, ProblemCodes.MessageUnknown)]
    [ProducesResponseType<MessageResponse>(200)]
    public async Task<IActionResult> Get(string id, long seq, CancellationToken cancellation)
    {
        var place = await LocateAsync(id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        return place.ConversationId is { } conversationId
            && await messages.FindAsync(conversationId, seq, cancellation) is { } row
            ? Ok(row.Respond(place.Id))
            : ApiProblem.Of(ProblemCodes.MessageUnknown);
    }

    /// <summary>Sends a message: a text, or an image that was uploaded before.</summary>
    /// <remarks>
    /// 201 means that the message is on the disk. Without an answer, send it again with the same clientId: it is kept once.
    /// Nothing has to be created before the first message to somebody. Sending marks everything before as read.
    /// </remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="request">The message.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="idempotencyKey">
    /// Another place for the clientId, with or without quotes around it: 1 to 64 characters. With both, they have to be the same.
    /// </param>
    /// <response code="201">The message with its number.</response>
    /// <response code="200">
    /// The same clientId and content came before: the message as it is now, also where it was recalled.
    /// </response>
    [HttpPost(Name = "SendMessage")]
    [EnableRateLimiting(RateLimits.Send)]
    [Repeatable]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember, ProblemCodes.MessageEmpty,
        ProblemCodes.MessageTooLong,
        ProblemCodes.MessageClientIdInvalid, ProblemCodes.MessageClientIdReused, ProblemCodes.ImageUnknown,
        ProblemCodes.ImageAlreadySent)]
    [ProducesResponseType<MessageResponse>(201)]
    [ProducesResponseType<MessageResponse>(200)]
    public async Task<IActionResult> Send(
        string id, SendMessageRequest request, CancellationToken cancellation,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey = null)
    {
        var began = Stopwatch.GetTimestamp();
        var (key, text) = (IdempotencyKey.Unquote(idempotencyKey), MessageText.Normalise(request.Text));
        if (ValidateClientId(request.ClientId, key) is { } invalidId)
        {
            return invalidId;
        }

        if (ValidateText(text, mayBeEmpty: request.ImageId is not null) is { } invalidText)
        {
            return invalidText;
        }

        var place = await views.LocateAsync(Caller.User.Id, id, cancellation) ?? await LocateAsync(id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        var draft = new MessageDraft(request.ClientId ?? key, text.Length == 0 ? null : text, request.ImageId)
        {
            RawText = string.IsNullOrWhiteSpace(request.Text) ? null : request.Text,
        };
        var entry = await ledger.SendAsync(place, Caller.User, draft, cancellation);
        Count(entry, Stopwatch.GetElapsedTime(began));
        return entry.Message is { } message ? Answer(place, message, entry.IsChanged) : ApiProblem.Of(entry.Refusal!);
    }

    /// <summary>Changes the text of an own text message.</summary>
    /// <remarks>The message keeps its number and gets a new version, so that everybody's next poll brings the edit.</remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="seq" example="1">The message's number.</param>
    /// <param name="request">The new text.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The message as it is now; the same text again changes nothing.</response>
    [HttpPatch("{seq}", Name = "EditMessage")]
    [EnableRateLimiting(RateLimits.Send)]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember, ProblemCodes.MessageUnknown,
        ProblemCodes.MessageEmpty,
        ProblemCodes.MessageTooLong, ProblemCodes.MessageNotOwn, ProblemCodes.MessageNotText, ProblemCodes.MessageRecalled)]
    [ProducesResponseType<MessageResponse>(200)]
    public async Task<IActionResult> Edit(string id, long seq, EditMessageRequest request, CancellationToken cancellation)
    {
        var text = MessageText.Normalise(request.Text);
        if (ValidateText(text, mayBeEmpty: false) is { } invalid)
        {
            return invalid;
        }

        var place = await LocateAsync(id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        var entry = await ledger.EditAsync(place, Caller, seq, text, cancellation);
        return entry.Message is null ? ApiProblem.Of(entry.Refusal!) : Ok(entry.Message.Respond(place.Id));
    }

    /// <summary>
    /// Recalls an own message; an administrator, anybody's in a room. Its place stays, its content is gone for good.
    /// </summary>
    /// <remarks>A recall is a change like an edit, so that everybody's next poll brings it. It cannot be taken back.</remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="seq" example="1">The message's number.</param>
    /// <param name="images">The files to remove an image from.</param>
    /// <param name="audit">Notes what an administrator did.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="204">Recalled, now or before.</response>
    [HttpDelete("{seq}", Name = "RecallMessage")]
    [Fails(
        ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember, ProblemCodes.MessageUnknown,
        ProblemCodes.MessageNotOwn)]
    [ProducesResponseType(204)]
    public async Task<IActionResult> Recall(
        string id, long seq, [FromServices] ImageFiles images, [FromServices] AuditLog audit, CancellationToken cancellation)
    {
        var place = await LocateAsync(id, cancellation);
        if (!place.MayEnter(out var refusal) && !(Caller.IsAdmin && place is not null))
        {
            return refusal;
        }

        var entry = await ledger.RecallAsync(place, Caller, seq, cancellation);
        if (entry.Message is null)
        {
            return ApiProblem.Of(entry.Refusal!);
        }

        if (entry.IsChanged && entry.Message.SenderId != Caller.User.Id)
        {
            audit.RecalledForeign(HttpContext, Caller.User.Username, place.Id, seq, entry.Message.SenderUsername);
        }

        if (entry is { IsChanged: true, Message.ImageId: { } imageId })
        {
            images.Remove(imageId);
        }

        return NoContent();
    }

    private Task<ConversationPlace?> LocateAsync(string id, CancellationToken cancellation) =>
        conversations.LocateAsync(Caller.User.Id, id, cancellation);

    private static List<MessageResponse> Respond(List<MessageRow> rows, ConversationPlace place) =>
        rows.ConvertAll(row => row.Respond(place.Id));

    private void Count(LedgerEntry entry, TimeSpan time)
    {
        if (entry.IsChanged)
        {
            metrics.Kept(time);
        }
        else if (entry.Message is not null)
        {
            metrics.Repeated();
        }
    }

    private ObjectResult Answer(ConversationPlace place, MessageRow message, bool isNew)
    {
        var path = $"/api/conversations/{place.PathSegment}/messages/{message.Seq}";
        if (isNew)
        {
            return Created(path, message.Respond(place.Id));
        }

        Response.Headers.ContentLocation = path;
        return Ok(message.Respond(place.Id));
    }

    private static ApiProblem? ValidateClientId(string? clientId, string? idempotencyKey)
    {
        foreach (var (name, value) in new[] { ("clientId", clientId), (IdempotencyKey.Header, idempotencyKey) })
        {
            if (value is { Length: 0 or > MaxClientIdLength })
            {
                return ApiProblem.OfField(ProblemCodes.MessageClientIdInvalid, name,
                    $"{name} has 1 to {MaxClientIdLength} characters.");
            }
        }

        return clientId is not null && idempotencyKey is not null && clientId != idempotencyKey
            ? ApiProblem.OfField(
                ProblemCodes.MessageClientIdInvalid, IdempotencyKey.Header,
                $"clientId and {IdempotencyKey.Header} are two names for the same: they differ here.")
            : null;
    }

    private ApiProblem? ValidateText(string text, bool mayBeEmpty)
    {
        var (length, max) = (text.Length, options.Value.MaxLength);
        if (length == 0 && !mayBeEmpty)
        {
            return ApiProblem.OfField(ProblemCodes.MessageEmpty, "text",
                "A message has a text that shows something, or an image.");
        }

        return length > max
            ? ApiProblem.OfField(
                ProblemCodes.MessageTooLong, "text", $"A message has at most {max} characters; this one has {length}.")
            : null;
    }
}
