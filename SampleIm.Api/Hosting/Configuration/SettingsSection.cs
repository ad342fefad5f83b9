using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace SampleIm.Api.Hosting.Configuration;

/// <summary>
/// A section of the configuration, which holds what its options class has properties for: settings, lists of texts, and sections
/// of their own. A value that nothing reads is refused, because its author believes that it holds.
/// </summary>
public sealed class SettingsSection(string name, Type options)
{
    private const BindingFlags Settable = BindingFlags.Public | BindingFlags.Instance;

    public string Name => name;

    /// <summary>All its settings: <c>RateLimits:Enabled</c>, <c>RateLimits:Send:Permits</c>.</summary>
    public IReadOnlyList<string> Settings { get; } = [.. NamesOf(name, options)];

    /// <summary>One line about the first thing that is wrong with what the section holds; null where nothing is.</summary>
    public string? FindFault(IConfiguration configuration) => FindFault(configuration.GetSection(name), name, options);

    private string? FindFault(IConfigurationSection section, string path, Type type) => section.GetChildren()
        .Select(child => type.GetProperty(child.Key, Settable | BindingFlags.IgnoreCase) is { } property
            ? FindFault(child, $"{path}:{property.Name}", property)
            : Unknown($"{path}:{child.Key}"))
        .FirstOrDefault(fault => fault is not null);

    private string? FindFault(IConfigurationSection setting, string path, PropertyInfo property)
    {
        if (IsList(property.PropertyType))
        {
            var isList = string.IsNullOrEmpty(setting.Value) && setting.GetChildren().All(IsEntry);
            return isList ? null : $"{path}: it is a list, whose entries are {path}:0, {path}:1 and so on.";
        }

        if (IsSection(property.PropertyType))
        {
            return string.IsNullOrEmpty(setting.Value)
                ? FindFault(setting, path, property.PropertyType)
                : $"{path}: it has settings of its own: {string.Join(", ", NamesOf(path, property.PropertyType))}.";
        }

        if (setting.GetChildren().FirstOrDefault() is { } part)
        {
            return Unknown($"{path}:{part.Key}");
        }

        return setting.Value is not { } text || IsAllowed(property, text)
            ? null
            : $"{path}: it takes {Describe(property)}, and not '{Printable(text)}'.";
    }

    private string Unknown(string setting)
    {
        var (nearest, slips) = NearestName.Of(setting, Settings);
        var isNear = slips * 2 <= setting.Length - name.Length;
        var hint = isNear ? $"The nearest is {nearest}." : $"In this section there are {string.Join(", ", Settings)}.";
        return $"{setting}: there is no such setting. {hint}";
    }

    private static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private static bool IsAllowed(PropertyInfo property, string text)
    {
        var type = property.PropertyType;
        if (text.Length == 0 && (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null))
        {
            return !property.IsDefined(typeof(RequiredAttribute));
        }

        try
        {
            var value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return property.GetCustomAttributes<ValidationAttribute>().All(rule => rule.IsValid(value));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Describe(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        return (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
        {
            var type when type == typeof(bool) => "true or false",
            { IsEnum: true } type => string.Join(" or ", Enum.GetNames(type)),
            var type when type == typeof(TimeSpan) && range is null => "a time, as hours:minutes:seconds",
            var type when type == typeof(TimeSpan) =>
                $"a time from {range!.Minimum} to {range.Maximum}, as hours:minutes:seconds",
            var type when type == typeof(Uri) => "an address such as http://localhost:4318",
            var type when type == typeof(string) => "a text that is not empty",
            _ => "a whole number" + Between(range),
        };
    }

    private static string Between(RangeAttribute? range)
    {
        if (range is null)
        {
            return "";
        }

        var (least, most) = (Convert.ToDecimal(range.Minimum, null), Convert.ToDecimal(range.Maximum, null));
        return most >= long.MaxValue
            ? FormattableString.Invariant($" of at least {least}")
            : FormattableString.Invariant($" from {least} to {most}");
    }

    private static IEnumerable<string> NamesOf(string path, Type type) => type.GetProperties(Settable).SelectMany(property =>
        IsSection(property.PropertyType)
            ? NamesOf($"{path}:{property.Name}", property.PropertyType)
            : [$"{path}:{property.Name}"]);

    private static bool IsEntry(IConfigurationSection entry) =>
        uint.TryParse(entry.Key, out _) && entry.Value is not null && !entry.GetChildren().Any();

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable<string>).IsAssignableFrom(type);

    private static bool IsSection(Type type) =>
        !IsList(type) && !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));
}
