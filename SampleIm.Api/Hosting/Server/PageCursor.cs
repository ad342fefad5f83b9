using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SampleIm.Api.Hosting.Server;

/// <summary>
/// Where a page of a list ended, by the values that the list is ordered by: the next page begins behind it, whatever has been
/// added or has moved meanwhile. Clients get it as one opaque word.
/// </summary>
/// <param name="Rank">What the list goes by first.</param>
/// <param name="Key">What tells apart entries of the same rank.</param>
public sealed record PageCursor(long Rank, string Key)
{
    /// <summary>Longer than the word for any entry.</summary>
    public const int MaxLength = 800;

    public const string Refusal = "This is no place in the list: send the next of the page before, or nothing to begin.";

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Rank}:{Key}")));

    /// <summary>False if this word was never given out.</summary>
    public static bool TryParse(string word, [NotNullWhen(true)] out PageCursor? cursor)
    {
        cursor = null;
        if (word.Length is 0 or > MaxLength || !Base64Url.IsValid(word))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(word));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && long.TryParse(text[..colon], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var rank))
        {
            cursor = new PageCursor(rank, text[(colon + 1)..]);
        }

        return cursor is not null;
    }
}
