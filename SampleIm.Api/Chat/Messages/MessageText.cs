using System.Buffers;
using System.Text;
using SampleIm.Api.People.Names;

namespace SampleIm.Api.Chat.Messages;

/// <summary>The text of a message as it is counted, kept and compared.</summary>
public static class MessageText
{
    private static readonly SearchValues<char> s_lineEnds = SearchValues.Create('\n', '\v', '\f', '\u0085', '\u2028', '\u2029');

    /// <summary>
    /// Without the empty lines before it and the white space after it, lines ended by <c>\n</c>. The white space before the first
    /// character of the first line stays: it is indented so on purpose. Empty where the text shows nothing.
    /// </summary>
    public static string Normalise(string? text)
    {
        if (text is null || !ShowsSomething(text))
        {
            return "";
        }

        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').TrimEnd();
        var blank = text.Length - text.AsSpan().TrimStart().Length;
        return text[(text.AsSpan(0, blank).LastIndexOfAny(s_lineEnds) + 1)..];
    }

    /// <summary>
    /// Unlike in a name, a mark that stands alone shows something, and so do the format characters that have a form.
    /// </summary>
    private static bool ShowsSomething(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune) && !Invisible.IsIgnorable(rune) && !Invisible.IsBlank(rune))
            {
                return true;
            }
        }

        return false;
    }
}
