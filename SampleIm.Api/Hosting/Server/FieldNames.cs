using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace SampleIm.Api.Hosting.Server;

/// <summary>Says what is wrong with a field by the name that the client sent, in plain words: "username is required."</summary>
public sealed class FieldNames : IDisplayMetadataProvider, IValidationMetadataProvider
{
    public void CreateDisplayMetadata(DisplayMetadataProviderContext context)
    {
        if (context.Key.Name is { } name)
        {
            context.DisplayMetadata.DisplayName = () => JsonNamingPolicy.CamelCase.ConvertName(name);
        }
    }

    /// <summary>After the framework's own provider, which has found the rules.</summary>
    public void CreateValidationMetadata(ValidationMetadataProviderContext context)
    {
        var rules = context.ValidationMetadata.ValidatorMetadata.OfType<ValidationAttribute>();
        foreach (var rule in rules.Where(rule => rule.ErrorMessage is null))
        {
            rule.ErrorMessage = rule switch
            {
                RequiredAttribute => "{0} is required.",
                RangeAttribute => "{0} is a number from {1} to {2}.",
                _ => null,
            };
        }
    }
}
