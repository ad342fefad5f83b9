using System.Globalization;
using System.Text;

namespace SampleIm.Api.People.Names;

/// <summary>Combining marks: an accent or two belong to a letter, a tower of them covers the lines above and below.</summary>
public static class Marks
{
    /// <summary>More than any language puts on one letter.</summary>
    public const int MostInARow = 4;

    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>
    /// Whether more marks follow each other than <see cref="MostInARow"/>. What is invisible between them does not part them.
    /// </summary>
    public static bool ArePiledUpIn(string text)
    {
        var row = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Invisible.IsIgnorable(rune))
            {
                continue;
            }

            row = IsMark(rune) ? row + 1 : 0;
            if (row > MostInARow)
            {
                return true;
            }
        }

        return false;
    }
}
