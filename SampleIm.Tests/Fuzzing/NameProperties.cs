using System.Text;
using FsCheck.Fluent;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Names;
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
            var forms = new[]
            {
                key, name.ToUpperInvariant(), name.ToLowerInvariant(), name.Normalize(NormalizationForm.FormD),
                NameKey.Canonical(name),
            };
            if (forms.Any(form => NameKey.Of(form) != key))
            {
                faults.Add($"U+{value:X}");
            }
        }

        Assert.IsEmpty(faults, string.Join(' ', faults.Take(20)));
    }

    [TestMethod]
    public void Key_OfAnEarlierKey_IsTheKeyOfTheName() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, name => NameKey.Of(name) is not { } key || NameKey.Earlier(name) is not { } earlier
            || NameKey.Of(earlier) == key), 5000);

    [TestMethod]
    public void Key_HasNothingInvisible_AndNoBlankAtItsEnds() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, name => AccountRules.KeyOf($" {name}\uFE0F\u3164 ") is not { } key
            || (key == key.Trim() && key == AccountRules.KeyOf(name) && !key.EnumerateRunes().Any(Invisible.IsIgnorable))), 5000);

    [TestMethod]
    public void SearchKey_OfASearchKey_IsTheSame_InEveryCaseAndForm() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, text =>
        {
            if (SearchKey.Of(text) is not { } key)
            {
                return true;
            }

            string[] forms = [key, text.ToLowerInvariant(), text.Normalize(NormalizationForm.FormD), $"  {text}\u00AD\t"];
            return forms.All(form => SearchKey.Of(form) == key) && !key.Contains("  ", StringComparison.Ordinal);
        }), 5000);

    [TestMethod]
    public void DisplayName_ThatIsAllowed_ShowsSomethingOnOneLine() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, name => AccountRules.ValidateDisplayName(name) is not null
            || (SearchKey.Of(name) is { Length: <= 1200 }
                && name.EnumerateRunes().Any(rune => !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
                && !name.Any(unit => unit is '\n' or '\r' or '\u202E' or '\u200F'))), 5000);

    [TestMethod]
    public void Username_WithALookAlike_IsRefusedInEveryCaseAndForm()
    {
        var allowed = new List<string>();
        var dotted = new[] { "i", "j", "ı", "į", "ị", "ḭ", "ɨ", "ɩ", "ɉ", "і", "ј" }.Select(letter => $"x{letter}\u0307")
            .ToList();
        var phonetic = new[] { "ɡ", "ɑ", "ɐ", "ʀ", "ꭓ", "ꜰ", "ꝺ" }.Select(letter => $"x{letter}").ToList();
        foreach (var name in dotted.Concat(phonetic).Concat(phonetic.Select(name => name.ToUpperInvariant())))
        {
            string[] forms = [name, name.Normalize(NormalizationForm.FormD), name.Normalize(NormalizationForm.FormKC)];
            allowed.AddRange(forms.Where(form => AccountRules.ValidateUsername(NameKey.Canonical(form)) is null));
        }

        Assert.IsEmpty(allowed, string.Join(' ', allowed));
    }

    [TestMethod]
    public void Username_ThatIsAllowed_IsAllowedAndTheSameOnceItIsKept() => FuzzSettings.Check(
        Prop.ForAll(OddTexts.Any, name =>
        {
            if (!AccountRules.CanBeNormalized(name) || AccountRules.ValidateUsername(NameKey.Canonical(name)) is not null)
            {
                return true;
            }

            var kept = NameKey.Canonical(name);
            return NameKey.Canonical(kept) == kept && NameKey.Of(kept) == AccountRules.KeyOf(name)
                && NameKey.Of(kept) is { Length: > 0 and <= 128 } && SearchKey.Of(kept) is { Length: <= 256 }
                && kept == kept.Trim() && !kept.EnumerateRunes().Any(Invisible.IsIgnorable);
        }), 5000);
}
