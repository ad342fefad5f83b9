using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Names;

namespace SampleIm.Api.People.Accounts;

/// <summary>
/// What nobody would have to guess twice is no password: it is long enough, and neither monotonous, nor common, nor what
/// anybody knows of the account. After NIST SP 800-63B, 5.1.1.2; no character classes are asked for.
/// </summary>
public sealed class PasswordRule : IPasswordValidator<User>
{
    public const int Min = 8;
    public const int Max = 256;

    /// <summary>Fewer different characters than this are a pattern and no password.</summary>
    private const int LeastDifferent = 4;

    /// <summary>So much has to be left of a password without what is known of the account.</summary>
    private const int LeastUnknown = 5;

    /// <summary>A shorter name stands in many a good password by chance.</summary>
    private const int ShortestWord = 3;

    private const string ProductName = "SampleIm";

    private static readonly FrozenSet<string> s_common = ReadCommon();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var reason = Validate(password ?? "", user);
        return Task.FromResult(reason is null
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = ProblemCodes.AccountPasswordWeak, Description = reason }));
    }

    private static string? Validate(string password, User user)
    {
        if (password.Length > Max)
        {
            return $"A password has at most {Max} characters.";
        }

        // In the form in which people are found too: neither case, accents nor full width hide a name or a common word.
        var plain = SearchKey.Of(password) ?? password;
        if (Invisible.RemoveFrom(password).EnumerateRunes().Count() < Min || plain.EnumerateRunes().Count() < Min)
        {
            return $"A password has at least {Min} characters; invisible ones and accents do not count, and blanks in a row "
                + "count once.";
        }

        if (plain.All(char.IsDigit))
        {
            return "A password is not made of digits alone.";
        }

        if (plain.EnumerateRunes().Distinct().Count() < LeastDifferent || IsSequence(plain))
        {
            return $"A password has at least {LeastDifferent} different characters, not in the order of the alphabet.";
        }

        var core = WithoutPunctuation(plain);
        if (s_common.Contains(password) || s_common.Contains(plain) || s_common.Contains(core))
        {
            return "This is one of the most common passwords.";
        }

        return IsKnownOf(user, core) ? "A password is not a name or an address of the account with little added." : null;
    }

    /// <summary>Whether each character is the one after, or before, the last: <c>abcdefgh</c>.</summary>
    private static bool IsSequence(string text)
    {
        var steps = text.Zip(text.Skip(1), (first, second) => second - first).Distinct().ToList();
        return steps is [1] or [-1];
    }

    /// <summary>Whether little is left of the password without the names of the account, forwards or backwards.</summary>
    private static bool IsKnownOf(User user, string core)
    {
        var unknown = core;
        foreach (var word in WordsOf(user).OrderByDescending(word => word.Length))
        {
            unknown = unknown.Replace(word, "", StringComparison.Ordinal);
        }

        return unknown.Length < core.Length && unknown.EnumerateRunes().Count() < LeastUnknown;
    }

    private static IEnumerable<string> WordsOf(User user)
    {
        string?[] names =
            [user.Username, user.DisplayName, .. user.DisplayName.Split(' '), user.Email?.Split('@')[0], ProductName];
        foreach (var name in names)
        {
            // A name that is too long to be allowed is refused after this.
            if (name is { Length: <= AccountRules.TypedMax } && SearchKey.Of(name) is { } key
                && WithoutPunctuation(key) is { Length: >= ShortestWord } word)
            {
                yield return word;
                yield return string.Concat(word.EnumerateRunes().Reverse());
            }
        }
    }

    private static string WithoutPunctuation(string text) => string.Concat(text.EnumerateRunes().Where(Rune.IsLetterOrDigit));

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(PasswordRule).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
