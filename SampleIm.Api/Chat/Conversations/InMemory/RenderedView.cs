using System.Buffers;
using System.Globalization;

namespace SampleIm.Api.Chat.Conversations.InMemory;

/// <summary>What an answer was made from: where nothing of it has moved, the answer is the same.</summary>
public readonly record struct ViewStamp(long View, long Online, long Names);

/// <summary>
/// The last answer to a user's poll. Values in place and no objects: each poll of each user would make some that live just
/// long enough to be dear to the garbage collector.
/// </summary>
/// <param name="Stamp">What it was made from.</param>
/// <param name="Digest">Of the body: equal content has an equal one, also after a restart and from another server.</param>
/// <param name="Body">
/// UTF-8 JSON; only where it was asked for again. Anyone who sends the tag never does, and so many bodies would be most of the
/// memory.
/// </param>
public readonly record struct RenderedView(ViewStamp Stamp, UInt128 Digest, byte[]? Body)
{
    private const int ETagLength = 34;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    public string ETag => string.Create(ETagLength, Digest, (text, digest) => Write(digest, text));

    /// <summary>Whether the tag is this answer's, without making that.</summary>
    public bool IsTagged(string? tag)
    {
        Span<char> own = stackalloc char[ETagLength];
        Write(Digest, own);
        return tag.AsSpan().SequenceEqual(own);
    }

    /// <summary>Whether the text is one tag such as these answers have, and so neither a list nor a wildcard.</summary>
    public static bool IsTag(ReadOnlySpan<char> text) =>
        text.Length == ETagLength && text[0] == '"' && text[^1] == '"' && !text[1..^1].ContainsAnyExcept(s_digits);

    private static void Write(UInt128 digest, Span<char> text)
    {
        text[0] = text[^1] = '"';
        digest.TryFormat(text[1..^1], out _, "x32", CultureInfo.InvariantCulture);
    }
}
