using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;
using SampleIm.Api.Problems;

namespace SampleIm.Api.Accounts;

/// <summary>A password has 8 to 256 characters, is not all digits, not the username, and not one of the most common ones.</summary>
public sealed class PasswordRule : IPasswordValidator<User>
{
    public const int Min = 8;
    public const int Max = 256;

    private static readonly FrozenSet<string> s_common = ReadCommon();

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var reason = Against(password ?? "", user.Username);
        return Task.FromResult(reason is null
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = ProblemCodes.AccountPasswordWeak, Description = reason }));
    }

    private static string? Against(string password, string username)
    {
        if (password.Length < Min)
        {
            return $"A password has at least {Min} characters.";
        }

        if (password.Length > Max)
        {
            return $"A password has at most {Max} characters.";
        }

        if (password.All(char.IsDigit))
        {
            return "A password is not made of digits alone.";
        }

        if (NameKey.Of(password) == NameKey.Of(username))
        {
            return "A password is not the username.";
        }

        return s_common.Contains(password) ? "This is one of the most common passwords." : null;
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(typeof(PasswordRule).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
