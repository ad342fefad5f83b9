using System.Text;

namespace SampleIm.Api.People.Names;

/// <summary>The form of a text in which people are found: without case, accents, what is invisible, and double blanks.</summary>
public static class SearchKey
{
    /// <summary>Letters that Unicode does not take apart, and that people type without their stroke or as two.</summary>
    private static readonly Dictionary<char, string> s_spelled = new()
    {
        ['ß'] = "SS",
        ['Æ'] = "AE",
        ['Œ'] = "OE",
        ['Ø'] = "O",
        ['Đ'] = "D",
        ['Ð'] = "D",
        ['Ł'] = "L",
        ['Ħ'] = "H",
        ['Ŧ'] = "T",
        ['Þ'] = "TH",
        ['ı'] = "I",
    };

    /// <summary>The key; null if the text is not valid Unicode.</summary>
    public static string? Of(string text)
    {
        if (!NameKey.IsWellFormed(text))
        {
            return null;
        }

        var plain = Invisible.RemoveFrom(text).Normalize(NormalizationForm.FormKD);
        var key = new StringBuilder(plain.Length);
        foreach (var rune in plain.EnumerateRunes())
        {
            if (!IsAccent(rune))
            {
                key.Append(rune);
            }
        }

        // Down and up: each direction alone leaves pairs apart that the other joins.
        return WithSingleBlanks(Spell(key.ToString().ToLowerInvariant().ToUpperInvariant())).Normalize(NormalizationForm.FormC);
    }

    /// <summary>The key of what somebody typed to find a person: the <c>@</c> before a username may be there.</summary>
    public static string? OfQuery(string query) => Of(query) is { } key ? key.TrimStart('@').TrimStart() : null;

    /// <summary>
    /// Accents and the points of Hebrew and Arabic. Vowel signs of Indian scripts and voicing marks of kana make other letters.
    /// </summary>
    private static bool IsAccent(Rune rune) => rune.Value is (>= 0x0300 and <= 0x036F) or (>= 0x0591 and <= 0x05C7)
        or (>= 0x064B and <= 0x065F) or 0x0670 or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF)
        or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F);

    private static string Spell(string text)
    {
        var spelled = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            spelled.Append(s_spelled.TryGetValue(letter, out var letters) ? letters : letter.ToString());
        }

        return spelled.ToString();
    }

    private static string WithSingleBlanks(string text) =>
        string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}
