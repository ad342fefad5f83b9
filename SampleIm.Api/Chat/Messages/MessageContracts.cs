using System.ComponentModel.DataAnnotations;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.People.Accounts;

namespace SampleIm.Api.Chat.Messages;

/// <summary>A message to send: a text, or an image that was uploaded before, with or without a text.</summary>
/// <param name="ClientId" example="5f0c1f0e-1">
/// Chosen by the client, 1 to 64 characters, another one for each message: with it a retry is safe, for the same one is never
/// sent twice.
/// </param>
/// <param name="Text" example="hello">
/// 1 to 4000 UTF-16 units that show something. Empty lines before it and white space after it are cut off before it is counted,
/// and lines end with \n; else it is kept and returned as sent. May be missing with an image.
/// </param>
/// <param name="ImageId" example="null">From <c>POST /api/images</c>; each image can be sent once.</param>
public sealed record SendMessageRequest(string? ClientId = null, string? Text = null, string? ImageId = null);

/// <summary>The new text of a message.</summary>
/// <param name="Text" example="hello again">1 to 4000 UTF-16 units, by the same rule as when it is sent.</param>
public sealed record EditMessageRequest([Required(AllowEmptyStrings = true)] string Text);

/// <summary>A message.</summary>
/// <param name="Conversation" example="lobby">The conversation as the caller names it.</param>
/// <param name="Seq" example="120">1, 2, 3 … in each conversation, without a gap; never changes.</param>
/// <param name="Version" example="131">The conversation's version at the message's last change.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Kind" example="text">What kind of message it is; stays when it is recalled.</param>
/// <param name="Text" example="see you at eight">As sent; null for an image without a text and for a recalled message.</param>
/// <param name="Image">The image; null for a text and for a recalled message.</param>
/// <param name="SentAt" example="2026-11-20T03:46:00.123Z">When it was sent.</param>
/// <param name="EditedAt" example="null">When the text was changed last; null if never.</param>
/// <param name="RecalledAt" example="null">When it was recalled; null if it was not.</param>
/// <param name="ClientId" example="5f0c1f0e-1">The sender's.</param>
public sealed record MessageResponse(
    string Conversation,
    long Seq,
    long Version,
    UserSummary Sender,
    [KnownValues(MessageKinds.Text, MessageKinds.Image)] string Kind,
    string? Text,
    ImageResponse? Image,
    DateTimeOffset SentAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? RecalledAt,
    string? ClientId);

/// <summary>What changed since a version.</summary>
/// <param name="Messages">New, edited and recalled messages, in the order of their versions.</param>
/// <param name="Version" example="131">The next <c>after</c>.</param>
/// <param name="HasMore" example="false">Whether more changes wait: ask again at once.</param>
public sealed record NewMessagesResponse(IReadOnlyList<MessageResponse> Messages, long Version, bool HasMore);

/// <summary>A page of history.</summary>
/// <param name="Messages">Oldest first.</param>
/// <param name="HasMore" example="true">Whether there are older ones.</param>
public sealed record HistoryResponse(IReadOnlyList<MessageResponse> Messages, bool HasMore);
