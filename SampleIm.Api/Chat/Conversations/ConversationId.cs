using System.Diagnostics.CodeAnalysis;
using SampleIm.Api.People.Names;

namespace SampleIm.Api.Chat.Conversations;

/// <summary>
/// A conversation as a path names it, from the caller's side: <c>@bob</c> is the direct one of the caller and bob, anything
/// else is the slug of a room. Without regard to case.
/// </summary>
/// <param name="Slug">Of a room, else null.</param>
/// <param name="UsernameKeys">
/// Of the other side of a direct conversation, to be looked up one after the other; empty for a room.
/// </param>
public sealed record ConversationId(string? Slug, IReadOnlyList<string> UsernameKeys)
{
    /// <summary>False where no conversation can have this name.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConversationId? id)
    {
        id = null;
        if (text.StartsWith('@'))
        {
            id = NameKey.ToLookUp(text[1..]).ToList() is { Count: > 0 } keys ? new ConversationId(null, keys) : null;
        }
        else if (text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
        {
            id = new ConversationId(text.ToLowerInvariant(), []);
        }

        return id is not null;
    }

    public static string OfDirect(string username) => $"@{username}";
}
