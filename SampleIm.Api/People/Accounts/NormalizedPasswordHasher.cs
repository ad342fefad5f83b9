using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SampleIm.Api.People.Accounts;

/// <summary>
/// Identity's hasher over passwords in one Unicode form: a keyboard may send é as one character or as e and an accent, and nobody
/// can see which. A hash that was made of the other form is still right, and renewed.
/// </summary>
public sealed class NormalizedPasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
{
    /// <summary>The password as it is checked and hashed (NFC). One that is too long to be anybody's stays as it is.</summary>
    public static string Normalize(string password) =>
        AccountRules.CanBeNormalized(password) ? password.Normalize(NormalizationForm.FormC) : password;

    public override string HashPassword(User user, string password) => base.HashPassword(user, Normalize(password));

    public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        var normalized = Normalize(providedPassword);
        var result = base.VerifyHashedPassword(user, hashedPassword, normalized);
        return result == PasswordVerificationResult.Failed && normalized != providedPassword
            && base.VerifyHashedPassword(user, hashedPassword, providedPassword) != PasswordVerificationResult.Failed
            ? PasswordVerificationResult.SuccessRehashNeeded
            : result;
    }
}
