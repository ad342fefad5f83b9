using System.Globalization;
using SampleIm.Api.Hosting.OpenApi;

namespace SampleIm.Api.Chat.Conversations;

/// <summary>A conversation as the caller sees it.</summary>
/// <param name="Id" example="lobby">
/// The slug of a room, or <c>@</c> and the username of the other side of a direct conversation.
/// </param>
/// <param name="Kind" example="room">What kind of conversation it is.</param>
/// <param name="Title" example="Lobby">The room's title, or the display name of the other side.</param>
/// <param name="LastSeq" example="120">Number of the last message; 0 before the first.</param>
/// <param name="Version" example="131">Counts the changes: new, edited and recalled messages.</param>
/// <param name="ReadSeq" example="117">Number of the last message that the caller has read.</param>
/// <param name="Unread" example="3">How many messages came after that one; those that were recalled are not counted.</param>
/// <param name="LastMessage">A preview of the last message; null before the first.</param>
public sealed record ConversationResponse(
    string Id,
    [KnownValues(ConversationKinds.Room, ConversationKinds.Direct)] string Kind,
    string Title, long LastSeq, long Version, long ReadSeq, long Unread, MessagePreview? LastMessage);

/// <summary>A preview of a message.</summary>
/// <param name="Sender" example="Bob">Display name of the sender; not unique.</param>
/// <param name="SenderUsername" example="bob">Username of the sender: it says whether the message is one's own.</param>
/// <param name="Kind" example="text">What kind of message it is.</param>
/// <param name="Text" example="see you at eight">
/// At most the first 80 UTF-16 units, cut between characters as a reader sees them; null for a recalled message and for a
/// image without a text.
/// </param>
/// <param name="SentAt" example="2026-11-20T03:46:00.123Z">When it was sent.</param>
public sealed record MessagePreview(
    string Sender,
    string SenderUsername,
    [KnownValues(MessageKinds.Text, MessageKinds.Image, MessageKinds.Recalled)] string Kind,
    string? Text,
    DateTimeOffset SentAt)
{
    private const int MaxLength = 80;

    /// <summary>
    /// The beginning of a text, cut between two characters as a reader sees them: an emoji of several parts and a letter with
    /// its accents are there or not. Only where the first of them alone is too long is it cut, between code points: that is no
    /// character of any script.
    /// </summary>
    public static string? Cut(string? text)
    {
        if (text is not { Length: > MaxLength })
        {
            return text;
        }

        var length = 0;
        for (var next = NextLength(text, 0); length + next <= MaxLength; next = NextLength(text, length))
        {
            length += next;
        }

        return text[..(length > 0 ? length : char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }

    private static int NextLength(string text, int at) => StringInfo.GetNextTextElementLength(text, at);
}

/// <summary>The caller's conversations.</summary>
/// <param name="Conversations">Rooms of the caller, and direct conversations with at least one message, latest first.</param>
/// <param name="HasMore" example="false">Whether the list goes on after this page.</param>
/// <param name="Next" example="null">Send it as <c>after</c> to get the next page; null on the last one.</param>
public sealed record ConversationListResponse(IReadOnlyList<ConversationResponse> Conversations, bool HasMore, string? Next);

public static class ConversationKinds
{
    public const string Room = "room";
    public const string Direct = "direct";
}
