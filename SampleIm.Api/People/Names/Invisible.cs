using System.Globalization;
using System.Text;

namespace SampleIm.Api.People.Names;

/// <summary>Characters that show nothing. Two names that differ in them alone look the same.</summary>
public static class Invisible
{
    /// <summary>
    /// Unicode's property Default_Ignorable_Code_Point: variation selectors, joiners, fillers, tags, direction marks and what is
    /// set aside to become one. .NET does not know it; it changes with no version of Unicode, as the reserved ranges are in it.
    /// </summary>
    private static readonly (int First, int Last)[] s_ignorable =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
        (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
        (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    public static bool IsIgnorable(Rune rune)
    {
        foreach (var (first, last) in s_ignorable)
        {
            if (rune.Value <= last)
            {
                return rune.Value >= first;
            }
        }

        return false;
    }

    /// <summary>The text without its ignorable characters.</summary>
    public static string RemoveFrom(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var rest = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsIgnorable(rune))
            {
                rest.Append(rune);
            }
        }

        return rest.Length == text.Length ? text : rest.ToString();
    }

    /// <summary>Whether nothing of it can be seen. A mark alone does not count: it is drawn on what stands before it.</summary>
    public static bool IsAllOf(string text) => !text.EnumerateRunes().Any(IsVisible);

    private static bool IsVisible(Rune rune) => !IsIgnorable(rune) && !IsBlank(rune) && !Marks.IsMark(rune)
        && !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format);

    /// <summary>
    /// Drawn as nothing though no property says so: the empty Braille pattern, the null note head, the filler of Khitan, two
    /// blanks of Egyptian, and what annotations begin and end with.
    /// </summary>
    public static bool IsBlank(Rune rune) =>
        rune.Value is 0x2800 or 0x1D159 or 0x16FE4 or 0x13441 or 0x13442 or (>= 0xFFF9 and <= 0xFFFB);
}
