using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace SampleIm.Tests.Fuzzing;

/// <summary>Texts that somebody might send, by accident or on purpose.</summary>
public static class OddTexts
{
    public static readonly string[] All =
    [
        "", " ", "\t\n\r\u00A0\u3000\u2003", "\0", "a\0b", "\uD800", "\uDC00\uD800", "x\uDBFF", "\uFFFE\uFFFF", "\uFFFD",
        "\uFEFFbom", "\u0085\u2028\u2029",
        "\u202Eleft\u202C", "\u200B\u200D\u2060", "👩‍👩‍👧‍👦🏳️‍🌈", "\U0010FFFF\U0001F600", "e\u0301 \u00E9", "Ω\u2126K\u212A",
        "ﷺﷺﷺ", "ẞßςσΣ", "İıIi", "ŉǰΐ",
        "ᾳᾴև", "\u3164\u115F\uFFA0", "alice\uFE0F", "\u0430lice", "\u0301\u0302\u0303\u0304\u0306", "\u2800\U000E0061",
        "\u3164\u2800\uFE0F", "\U000E0041\U000E007F", "\r\n \r x\r\ny \r\n", "\n\u2028\u0085  x",
        "<script>alert(1)</script>", "' OR '1'='1", "\\'; DROP TABLE users; --", "%", "_", "\\", "%s%n%x", "${jndi:ldap://x}",
        "{{7*7}}", "../../etc/passwd", "..", ".",
        "null", "true", "NaN", "-1", "0", "1e999", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "0x10",
        "１２",
        "lobby", "LOBBY", "@", "@@", "@nobody-at-all", "new", "history", "con", "a@b.example", "a@b", "\"a b\"@c.example", "1.5",
        "²",
        new('x', 33), new('x', 65), new('x', 501), new('x', 4000), new('x', 4001), new('名', 4000), new string(' ', 3000) + "x",
        string.Concat(Enumerable.Repeat("Z\u0336\u0321", 500)),
    ];

    public static string Pick(Random random) => random.Next(4) > 0 ? All[random.Next(All.Length)] : Make(random);

    /// <summary>UTF-16 units at random, most of them characters, some of them half of one.</summary>
    public static Arbitrary<string> Any { get; } = Arb.From(
        Gen.OneOf(
            Gen.Elements(All),
            Gen.Choose(0, int.MaxValue).Select(seed => Make(new Random(seed))),
            Gen.Elements(All).Two().Select(pair => pair.Item1 + pair.Item2)),
        Shorter);

    private static string Make(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, 40); left > 0; left--)
        {
            _ = random.Next(12) switch
            {
                0 => text.Append((char)random.Next(0x20)),
                1 => text.Append((char)random.Next(0xD800, 0xE000)),
                2 => text.Append((char)random.Next(0x0300, 0x0370)),
                3 or 4 => text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))),
                5 or 6 => text.Append((char)random.Next(0x80, 0xD800)),
                _ => text.Append((char)random.Next(0x20, 0x7F)),
            };
        }

        return text.ToString();
    }

    private static IEnumerable<string> Shorter(string text) =>
        text.Length == 0 ? [] : [text[..(text.Length / 2)], text[(text.Length / 2)..], text[1..], text[..^1]];
}
