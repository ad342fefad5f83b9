using System.Globalization;
using System.Text;

namespace SampleIm.Api.People.Names;

/// <summary>Letters and marks of one script that pass for other letters of it, and that no language needs in a name.</summary>
public static class LookAlikes
{
    private const int DotAbove = 0x0307;

    /// <summary>Letters whose own dot would cover a second one, and those that a dot turns into an i or a j.</summary>
    private const string Dotted = "ijıȷɨɉʝɩɪɟᶖϳιіј";

    /// <summary>Letters of the International Phonetic Alphabet with which African languages are written.</summary>
    private const string Written = "ɓɔɖɗəɛɠɣɨɩɲʃʈʉʊʋʌʒ";

    /// <summary>
    /// Small letters of phonetic writing, of manuscripts and of abandoned alphabets, which Unicode TR39 keeps out of identifiers
    /// as Technical or Obsolete. Of those that it calls uncommon, only the ones that pass for others (ƅ, ƨ, ƽ, ȷ).
    /// </summary>
    private static readonly (int First, int Last)[] s_unwritten =
    [
        (0x0185, 0x0185), (0x018D, 0x018D), (0x019B, 0x019B), (0x01A8, 0x01A8), (0x01AA, 0x01AB), (0x01B9, 0x01BB),
        (0x01BD, 0x01C1), (0x021D, 0x021D), (0x0221, 0x0221), (0x0234, 0x0239), (0x0250, 0x02AF), (0x1D00, 0x1DBF),
        (0x1E9C, 0x1E9D), (0x1E9F, 0x1E9F), (0x1EFA, 0x1EFF), (0x2C74, 0x2C74), (0x2C77, 0x2C7B), (0xA722, 0xA787),
        (0xA78E, 0xA78F), (0xA7AF, 0xA7AF), (0xA7F5, 0xA7F7), (0xA7FA, 0xA7FF), (0xAB30, 0xAB6F), (0x1DF00, 0x1DFFF),
    ];

    /// <summary>Marks that Latin is written with: those of other scripts can look the same on a Latin letter.</summary>
    private static readonly (int First, int Last)[] s_latinMarks =
        [(0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0xFE20, 0xFE2F)];

    public static bool AreIn(string name) =>
        name.EnumerateRunes().Any(IsUnwritten) || HasMisleadingMark(name.Normalize(NormalizationForm.FormD));

    /// <summary>Whether a letter, in either case, is one that no living language is written with.</summary>
    private static bool IsUnwritten(Rune rune)
    {
        var small = Rune.ToLowerInvariant(rune);
        return IsWithin(s_unwritten, small) && !Written.Contains(small.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Whether a dot above hides in the dot of an i or makes one, or a Latin letter has another script's mark.</summary>
    private static bool HasMisleadingMark(string decomposed)
    {
        var letter = default(Rune);
        foreach (var rune in decomposed.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark))
            {
                letter = rune;
            }
            else if ((rune.Value == DotAbove && Dotted.Contains(letter.ToString(), StringComparison.Ordinal))
                || (Scripts.IsLatin(letter) && !IsWithin(s_latinMarks, rune)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithin((int First, int Last)[] ranges, Rune rune) =>
        Array.Exists(ranges, range => rune.Value >= range.First && rune.Value <= range.Last);
}
