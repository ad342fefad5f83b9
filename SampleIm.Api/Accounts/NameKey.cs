using System.Text;

namespace SampleIm.Api.Accounts;

/// <summary>The form of a name under which it is unique and found: NFKC (Unicode TR15), without case.</summary>
public static class NameKey
{
    /// <summary>The key of a name; null where the text is no valid Unicode, or ends in a blank, and so is nobody's name.</summary>
    public static string? Of(string name)
    {
        // With a blank at the end it would be another name to one database and the same to the other.
        if (!IsWellFormed(name) || (name.Length > 0 && char.IsWhiteSpace(name[^1])))
        {
            return null;
        }

        // Down and up again: each direction alone leaves pairs apart that the other joins (ẞ and ß, ς and σ).
        return name.Normalize(NormalizationForm.FormKC).ToLowerInvariant().ToUpperInvariant().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>Whether the text has no half surrogate pair, and nothing that Unicode promises never to be a character.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done || IsNoCharacter(rune.Value))
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    private static bool IsNoCharacter(int value) => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF;
}
