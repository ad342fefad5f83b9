using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Hosting.Configuration;

/// <summary>
/// Reads the sections of the configuration at start: a wrong value, or a setting that there is not, stops the program with one
/// line that names it.
/// </summary>
public static class Settings
{
    /// <summary>Slips in the name of a section that are no other name: fewer where the name is short.</summary>
    private const int MostSlips = 2;

    private const int ShortName = 4;

    /// <exception cref="StartupException">A value is of a wrong type or out of range, or nothing reads it.</exception>
    public static void AddSettings<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class, new()
    {
        var known = new SettingsSection(section, typeof(TOptions));
        if (known.FindFault(builder.Configuration) is { } fault)
        {
            throw new StartupException(fault);
        }

        var options = new TOptions();
        builder.Configuration.GetSection(section).Bind(options);
        if ((options as IValidatableObject)?.Validate(new ValidationContext(options)).FirstOrDefault() is { } refusal)
        {
            throw new StartupException($"{section}:{refusal.MemberNames.First()}: {refusal.ErrorMessage}");
        }

        builder.Services.AddSingleton(known);
        builder.Services.AddSingleton(Options.Create(options));
    }

    /// <summary>
    /// Once all sections are added. Those of ASP.NET and of anybody else stay free, unless the name is nearly one of ours. A
    /// value without a section says nothing: the environment is full of them.
    /// </summary>
    /// <exception cref="StartupException">The name of a section is misspelt.</exception>
    public static void RefuseMisspeltSections(this WebApplicationBuilder builder)
    {
        var known = builder.Services.Select(service => service.ImplementationInstance).OfType<SettingsSection>()
            .Select(section => section.Name).ToList();
        foreach (var section in builder.Configuration.GetChildren().Where(section => section.GetChildren().Any()))
        {
            var (nearest, slips) = NearestName.Of(section.Key, known);
            if (slips > 0 && slips <= (nearest.Length <= ShortName ? 1 : MostSlips))
            {
                throw new StartupException($"{section.Key}: there is no such section of settings. The nearest is {nearest}.");
            }
        }
    }
}
