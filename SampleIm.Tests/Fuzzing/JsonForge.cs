using System.Globalization;
using System.Text;

namespace SampleIm.Tests.Fuzzing;

/// <summary>JSON that is wrong in one place: a value, or the text that it is written in.</summary>
public static class JsonForge
{
    private static readonly string[] s_literals =
    [
        "null", "true", "false", "0", "-0", "-1", "1.5", "1e999", "-1e-999", "1E2", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999999999999999", "00", "+1", ".5", "0x10", "NaN", "Infinity", "-", "[]", "{}", "[1,2]",
        "{\"a\":1}", "[[[[1]]]]",
        "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\uffff\"", "\"\\x41\"", "\"\\u12\"", "\"a\nb\"",
        "\"unfinished", "'a'", "tru", "undefined",
        "/* a */ 1", "1 // a", "\"a\",", "",
    ];

    public static string Document(IEnumerable<(string Name, string Value)> fields) =>
        "{" + string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Value}")) + "}";

    /// <summary>A value of any type and size.</summary>
    public static string OddValue(Random random) => random.Next(12) switch
    {
        < 5 => s_literals[random.Next(s_literals.Length)],
        < 9 => Quote(OddTexts.Pick(random)),
        9 => Nested(random, "[", "]"),
        10 => Nested(random, "{\"a\":", "}"),
        _ => $"\"{new string('x', random.Next(4) == 0 ? 70_000 : random.Next(8_000))}\"",
    };

    /// <summary>The same document, damaged or written in another way.</summary>
    public static byte[] Damage(string json, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var at = random.Next(bytes.Length + 1);
        return random.Next(12) switch
        {
            0 => bytes[..at],
            1 => [.. bytes, .. "}"u8],
            2 => [.. bytes, .. bytes],
            3 => [0xEF, 0xBB, 0xBF, .. bytes],
            4 => Encoding.Unicode.GetBytes(json),
            5 => Encoding.UTF32.GetBytes(json),
            6 => [.. bytes[..at], 0xC3, 0x28, .. bytes[at..]],
            7 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            8 => [.. bytes[..at], 0xED, 0xA0, 0x80, .. bytes[at..]],
            9 => [.. Encoding.UTF8.GetBytes(new string(' ', random.Next(70_000))), .. bytes],
            10 => Encoding.UTF8.GetBytes("[" + json + "]"),
            _ => Noise(random),
        };
    }

    /// <summary>By hand, because no serialiser writes half a pair: escaped where it has to be, else as it is.</summary>
    public static string Quote(string text) => "\"" + string.Concat(text.Select(unit =>
        unit is '"' or '\\' || unit < ' ' || char.IsSurrogate(unit)
            ? $"\\u{((int)unit).ToString("x4", CultureInfo.InvariantCulture)}"
            : unit.ToString())) + "\"";

    public static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Nested(Random random, string open, string close)
    {
        var depth = random.Next(3) switch { 0 => 63, 1 => 65, _ => random.Next(2000) };
        return string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
    }
}
