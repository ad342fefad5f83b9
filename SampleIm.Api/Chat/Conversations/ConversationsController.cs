using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Accounts.SignIn;

namespace SampleIm.Api.Chat.Conversations;

[ApiController]
[Route("api/conversations")]
[Tags("Conversations")]
public sealed class ConversationsController(ConversationStore conversations, Views views) : ControllerBase
{
    /// <summary>The rooms that the caller is in and the direct conversations with at least one message, latest first.</summary>
    /// <remarks>
    /// The poll lists no more than 200; here the list goes on. A conversation in which something is said between two pages moves
    /// to the front, which is behind the reader: the poll shows it.
    /// </remarks>
    /// <param name="pages">Reads a page.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <param name="limit">How many at most, 1 to 200.</param>
    /// <param name="after">The <c>next</c> of the page before; missing: the first page.</param>
    /// <response code="200">One page.</response>
    [HttpGet(Name = "GetConversations")]
    [ProducesResponseType<ConversationListResponse>(200)]
    public async Task<IActionResult> List(
        [FromServices] ConversationPages pages, CancellationToken cancellation,
        [FromQuery, Range(1, ConversationStore.MaxListed)] int limit = ConversationStore.MaxListed,
        [FromQuery] string? after = null)
    {
        PageCursor? place = null;
        if (!string.IsNullOrEmpty(after) && !ConversationPages.TryParse(after, out place))
        {
            return ApiProblem.OfField(ProblemCodes.RequestInvalid, "after", PageCursor.Refusal);
        }

        // One more than is wanted tells whether there is more.
        var rows = await pages.ListAsync(HttpContext.Caller().User.Id, place, limit + 1, cancellation);
        var page = rows.Take(limit).ToList();
        var next = rows.Count > limit ? ConversationPages.CursorOf(page[^1]).ToString() : null;
        return Ok(new ConversationListResponse(page.ConvertAll(row => row.Respond()), next is not null, next));
    }

    /// <summary>One conversation.</summary>
    /// <remarks>A direct conversation needs no creation: before its first message it is there, and empty.</remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="200">The conversation as the caller sees it.</response>
    [HttpGet("{id}", Name = "GetConversation")]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember)]
    [ProducesResponseType<ConversationResponse>(200)]
    public async Task<IActionResult> Get(string id, CancellationToken cancellation)
    {
        var caller = HttpContext.Caller().User;
        var place = await conversations.LocateAsync(caller.Id, id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        return place.ConversationId is { } conversationId
            && await conversations.FindAsync(caller.Id, conversationId, cancellation) is { } row
            ? Ok(row.Respond())
            : Ok(new ConversationResponse(place.Id, ConversationKinds.Direct, place.Title, 0, 0, 0, 0, null));
    }

    /// <summary>Moves the caller's cursor: everything up to this message counts as read.</summary>
    /// <remarks>Call it as often as you like: only a number higher than the last one changes anything.</remarks>
    /// <param name="id" example="lobby">The slug of a room, or <c>@</c> and a username.</param>
    /// <param name="request">How far was read; beyond the last message means: all.</param>
    /// <param name="cancellation">The client hung up.</param>
    /// <response code="204">Moved; or left where it was, because it never moves backwards.</response>
    [HttpPut("{id}/read", Name = "MarkRead")]
    [Routine]
    [Fails(ProblemCodes.ConversationUnknown, ProblemCodes.ConversationNotMember)]
    [ProducesResponseType(204)]
    public async Task<IActionResult> MarkRead(string id, MarkReadRequest request, CancellationToken cancellation)
    {
        var caller = HttpContext.Caller().User;
        var place = await conversations.LocateAsync(caller.Id, id, cancellation);
        if (!place.MayEnter(out var refusal))
        {
            return refusal;
        }

        if (place.ConversationId is { } conversationId)
        {
            views.MarkRead(
                caller.Id, conversationId,
                await conversations.MarkReadAsync(caller.Id, conversationId, request.Seq!.Value, cancellation));
        }

        return NoContent();
    }
}

/// <summary>How far the caller has read.</summary>
/// <param name="Seq" example="1">Number of the last message read, 0 or more.</param>
public sealed record MarkReadRequest(
    [Required, Range(0, long.MaxValue, ErrorMessage = "A message number is 0 or more.")] long? Seq);

public static class ConversationAccess
{
    /// <summary>Whether the caller may read and write here; else the answer that says why not.</summary>
    public static bool MayEnter([NotNullWhen(true)] this ConversationPlace? place, [NotNullWhen(false)] out ApiProblem? refusal)
    {
        refusal = place switch
        {
            null => ApiProblem.Of(ProblemCodes.ConversationUnknown),
            { IsMember: false } => ApiProblem.Of(ProblemCodes.ConversationNotMember),
            _ => null,
        };
        return refusal is null;
    }
}
