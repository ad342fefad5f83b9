using System.Globalization;
using System.Text;

namespace SampleIm.Api.People.Names;

/// <summary>
/// Which scripts may stand together in a username: one alone, or Latin beside one that has no letters like it. So no Cyrillic
/// letter passes for a Latin one within a word. After "moderately restrictive" of Unicode TR39; the scripts go by their blocks.
/// </summary>
public static class Scripts
{
    private const string Latin = "Latin";

    /// <summary>Alphabets with letters that look like Latin ones, or like each other's.</summary>
    private static readonly string[] s_lookAlike = ["Greek", "Cyrillic", "Armenian", "Georgian", "Cherokee", "other"];

    /// <summary>Blocks in ascending order. Japanese, Korean and Chinese mix their scripts, so they count as one.</summary>
    private static readonly (int First, int Last, string Script)[] s_blocks =
    [
        (0x0041, 0x02AF, Latin), (0x0370, 0x03FF, "Greek"), (0x0400, 0x052F, "Cyrillic"), (0x0530, 0x058F, "Armenian"),
        (0x0590, 0x05FF, "Hebrew"), (0x0600, 0x06FF, "Arabic"), (0x0700, 0x074F, "Syriac"), (0x0750, 0x077F, "Arabic"),
        (0x0780, 0x07BF, "Thaana"), (0x0860, 0x086F, "Syriac"), (0x0870, 0x08FF, "Arabic"), (0x0900, 0x097F, "Devanagari"),
        (0x0980, 0x09FF, "Bengali"), (0x0A00, 0x0A7F, "Gurmukhi"), (0x0A80, 0x0AFF, "Gujarati"), (0x0B00, 0x0B7F, "Oriya"),
        (0x0B80, 0x0BFF, "Tamil"), (0x0C00, 0x0C7F, "Telugu"), (0x0C80, 0x0CFF, "Kannada"), (0x0D00, 0x0D7F, "Malayalam"),
        (0x0D80, 0x0DFF, "Sinhala"), (0x0E00, 0x0E7F, "Thai"), (0x0E80, 0x0EFF, "Lao"), (0x0F00, 0x0FFF, "Tibetan"),
        (0x1000, 0x109F, "Myanmar"), (0x10A0, 0x10FF, "Georgian"), (0x1100, 0x11FF, "East Asian"), (0x1200, 0x139F, "Ethiopic"),
        (0x13A0, 0x13FF, "Cherokee"), (0x1780, 0x17FF, "Khmer"), (0x1C80, 0x1C8F, "Cyrillic"), (0x1C90, 0x1CBF, "Georgian"),
        (0x1CD0, 0x1CFF, "Devanagari"), (0x1D00, 0x1DBF, Latin), (0x1E00, 0x1EFF, Latin), (0x1F00, 0x1FFF, "Greek"),
        (0x2C60, 0x2C7F, Latin), (0x2C80, 0x2CFF, "Greek"), (0x2D00, 0x2D2F, "Georgian"), (0x2D80, 0x2DDF, "Ethiopic"),
        (0x2DE0, 0x2DFF, "Cyrillic"), (0x2E80, 0x318F, "East Asian"), (0x31A0, 0x31BF, "East Asian"),
        (0x31F0, 0x31FF, "East Asian"),
        (0x3400, 0x4DBF, "East Asian"), (0x4E00, 0x9FFF, "East Asian"), (0xA640, 0xA69F, "Cyrillic"), (0xA720, 0xA7FF, Latin),
        (0xA8E0, 0xA8FF, "Devanagari"), (0xA960, 0xA97F, "East Asian"), (0xA9E0, 0xA9FF, "Myanmar"), (0xAA60, 0xAA7F, "Myanmar"),
        (0xAB00, 0xAB2F, "Ethiopic"), (0xAB30, 0xAB6F, Latin), (0xAB70, 0xABBF, "Cherokee"), (0xAC00, 0xD7FF, "East Asian"),
        (0xF900, 0xFAFF, "East Asian"), (0xFB1D, 0xFB4F, "Hebrew"), (0xFB50, 0xFDFF, "Arabic"), (0xFE70, 0xFEFF, "Arabic"),
        (0x1AFF0, 0x1B16F, "East Asian"), (0x1E030, 0x1E08F, "Cyrillic"), (0x20000, 0x3FFFF, "East Asian"),
    ];

    /// <summary>
    /// Letters with a case or a composed form that are younger than the Unicode data of machines in use: a machine that does not
    /// know them would compare a name with them otherwise than the next one.
    /// </summary>
    private static readonly (int First, int Last)[] s_young =
    [
        (0x1C89, 0x1C8A), (0x2C2F, 0x2C2F), (0x2C5F, 0x2C5F), (0xA7C0, 0xA7C1), (0xA7CB, 0xA7DC), (0xA7F1, 0xA7F4),
        (0x10570, 0x105FF), (0x10780, 0x107BF), (0x10D40, 0x10D8F), (0x11380, 0x113FF), (0x16100, 0x1613F), (0x16D40, 0x16D7F),
        (0x16EA0, 0x16EDF), (0x1E030, 0x1E06D),
    ];

    /// <summary>Whether a name mixes scripts that can pass for each other, or Latin letters and foreign digits.</summary>
    public static bool AreMixedUpIn(string name)
    {
        var scripts = name.EnumerateRunes().Select(ScriptOf).OfType<string>().ToHashSet();
        return scripts.Count switch
        {
            0 or 1 => false,
            2 => !scripts.Contains(Latin) || scripts.Overlaps(s_lookAlike) || name.EnumerateRunes().Any(IsForeignDigit),
            _ => true,
        };
    }

    public static bool IsYoung(Rune rune) =>
        Array.Exists(s_young, range => rune.Value >= range.First && rune.Value <= range.Last);

    public static bool IsLatin(Rune rune) => ScriptOf(rune) == Latin;

    /// <summary>Null for what belongs to no script of its own: ASCII digits, punctuation, accents.</summary>
    private static string? ScriptOf(Rune rune)
    {
        if (!Rune.IsLetterOrDigit(rune) || (rune.IsAscii && !Rune.IsLetter(rune)))
        {
            return null;
        }

        foreach (var (first, last, script) in s_blocks)
        {
            if (rune.Value <= last)
            {
                return rune.Value >= first ? script : Otherwise(rune);
            }
        }

        return Otherwise(rune);
    }

    /// <summary>Modifier letters, such as the Hawaiian okina, go with any script.</summary>
    private static string? Otherwise(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.ModifierLetter ? null : "other";

    private static bool IsForeignDigit(Rune rune) => !rune.IsAscii && Rune.IsDigit(rune);
}
