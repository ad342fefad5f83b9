using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace SampleIm.Api.Configuration;

/// <summary>Reads a section of the configuration at start: a wrong value stops the program with one line that names the setting.</summary>
public static class Settings
{
    /// <exception cref="StartupException">A value is of a wrong type or out of range.</exception>
    public static void AddSettings<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class, new()
    {
        var options = new TOptions();
        try
        {
            builder.Configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            throw new StartupException($"{section}: {fault.Message}");
        }

        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
        {
            throw new StartupException($"{section}:{faults[0].MemberNames.First()}: {faults[0].ErrorMessage}");
        }

        builder.Services.AddSingleton(Options.Create(options));
    }
}
