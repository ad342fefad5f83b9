using System.Text;
using FsCheck.Fluent;
using SampleIm.Api.Accounts;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class NameProperties
{
    [TestMethod]
    public void Key_OfAKey_IsTheKey() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, name => NameKey.Of(name) is not { } key || NameKey.Of(key) == key), 5000);

    [TestMethod]
    public void Key_OfEveryCharacterThereIs_IsItsOwnKey_AndTheSameInEveryCaseAndForm()
    {
        var faults = new List<string>();
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value) || NameKey.Of(new Rune(value).ToString()) is not { } key)
            {
                continue;
            }

            var name = new Rune(value).ToString();
            var forms = new[] { key, name.ToUpperInvariant(), name.ToLowerInvariant(), name.Normalize(NormalizationForm.FormD), AccountRules.Canonical(name) };
            if (forms.Any(form => NameKey.Of(form) != key))
            {
                faults.Add($"U+{value:X}");
            }
        }

        Assert.IsEmpty(faults, string.Join(' ', faults.Take(20)));
    }

    [TestMethod]
    public void Username_ThatIsAllowed_IsAllowedAndTheSameOnceItIsKept() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, name =>
        {
            if (!NameKey.IsWellFormed(name) || AccountRules.AgainstUsername(AccountRules.Canonical(name)) is not null)
            {
                return true;
            }

            var kept = AccountRules.Canonical(name);
            return AccountRules.Canonical(kept) == kept && NameKey.Of(kept) == NameKey.Of(name) && NameKey.Of(kept) is { Length: > 0 and <= 128 };
        }), 5000);
}
