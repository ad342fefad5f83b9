using System.Text;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Names;

/// <summary>The form of a username under which it is unique and found; names are equal as by NFKC_Casefold of Unicode.</summary>
public static class NameKey
{
    /// <summary>UTF-16 units of a key: as long as its column.</summary>
    private const int Max = 128;

    /// <summary>
    /// A username as it is kept: NFKC, without invisible characters and white space at the ends, so that what looks the same is
    /// the same.
    /// </summary>
    public static string Canonical(string username) => Invisible.RemoveFrom(username).Normalize(NormalizationForm.FormKC).Trim();

    /// <summary>
    /// The key of a name: without invisible characters, compatible forms and case; null if the text is not valid Unicode or has
    /// white space at an end, and so is nobody's name.
    /// </summary>
    public static string? Of(string name)
    {
        if (!IsWellFormed(name))
        {
            return null;
        }

        // Taken apart first: some letters have a case only in parts (ǰ). Down and up: each direction alone leaves pairs apart
        // that the other joins (ẞ and ß, ς and σ). Two letters have a capital of two letters.
        var key = Invisible.RemoveFrom(name).Normalize(NormalizationForm.FormKD).ToLowerInvariant().ToUpperInvariant()
            .Replace("ß", "SS", StringComparison.Ordinal).Replace("և", "ԵՒ", StringComparison.Ordinal)
            .Normalize(NormalizationForm.FormKC);
        return key.Length == key.Trim().Length ? key : null;
    }

    /// <summary>
    /// The key that earlier releases gave a name, which tells more names apart. An account of theirs keeps it if another account
    /// has the key that the name would get today.
    /// </summary>
    public static string? Earlier(string name)
    {
        // With a blank at the end it would be another name to one database and the same to the other.
        if (!IsWellFormed(name) || (name.Length > 0 && char.IsWhiteSpace(name[^1])))
        {
            return null;
        }

        return name.Normalize(NormalizationForm.FormKC).ToLowerInvariant().ToUpperInvariant().Normalize(NormalizationForm.FormKC);
    }

    /// <summary>
    /// The keys to look a username up by, one after the other. The earlier key first: an account that has one is exactly who was
    /// named, while the key of today may be that of another account whose name looks the same.
    /// </summary>
    public static IEnumerable<string> ToLookUp(string name)
    {
        var (earlier, current) = (Earlier(name), Of(name));
        if (earlier is { Length: > 0 and <= Max } && earlier != current)
        {
            yield return earlier;
        }

        if (current is { Length: > 0 and <= Max })
        {
            yield return current;
        }
    }

    /// <summary>
    /// The same for a username that somebody typed into a form: white space and invisible characters at its ends do not count.
    /// </summary>
    public static IEnumerable<string> ToLookUpTyped(string typed) => !IsWellFormed(typed)
        ? []
        : ToLookUp(typed.Trim()).Concat(ToLookUp(Canonical(typed))).Distinct();

    /// <summary>Without its Unicode data .NET compares names byte by byte and says nothing of it.</summary>
    /// <exception cref="StartupException">The data is missing.</exception>
    public static void RequireUnicode()
    {
        if (Of("Ａe\u0301") != "AÉ")
        {
            throw new StartupException(
                "This machine's .NET runs without Unicode data, which usernames need: unset "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT, and install ICU (libicu).");
        }
    }

    /// <summary>Whether the text has no half surrogate pair, and nothing that Unicode promises never to be a character.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done
                || IsNoCharacter(rune.Value))
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    private static bool IsNoCharacter(int value) => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF;
}
