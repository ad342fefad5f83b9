using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.Extensions.Options;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Server;

/// <summary>Controllers whose bodies and answers are JSON, and nothing else.</summary>
public static class JsonBodies
{
    public static void AddJsonControllers(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        services.AddControllers(options =>
            {
                // No call binds fields of a form: MVC would read one whole, in case a parameter had the name of a field.
                options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
                options.ModelMetadataDetailsProviders.Add(new BlankTexts());
                options.ModelMetadataDetailsProviders.Add(new FieldNames());
            })
            .AddJsonOptions(options => Configure(options.JsonSerializerOptions))
            .ConfigureApiBehaviorOptions(options =>
            {
                options.InvalidModelStateResponseFactory = ProblemMiddleware.ForModelState;
                // Statuses without a body get theirs in one place, also those that do not come from a controller.
                options.SuppressMapClientErrors = true;
            });
        services.AddOptions<MvcOptions>().Configure<IOptions<JsonOptions>, ILogger<SystemTextJsonInputFormatter>>(
            (options, json, logger) => ReadAndWriteJsonOnly(options, new JsonReader(json.Value, logger)));
    }

    /// <summary>JSON by its one name, in UTF-8 (RFC 8259). MVC would also take UTF-16, and throw at half a unit.</summary>
    private static void ReadAndWriteJsonOnly(MvcOptions options, JsonReader reader)
    {
        options.OutputFormatters.RemoveType<StringOutputFormatter>();
        options.InputFormatters.RemoveType<SystemTextJsonInputFormatter>();
        options.InputFormatters.Add(reader);
        var writer = options.OutputFormatters.OfType<SystemTextJsonOutputFormatter>().Single();
        foreach (var encodings in new[] { reader.SupportedEncodings, writer.SupportedEncodings })
        {
            encodings.Remove(encodings.Single(encoding => encoding.CodePage == Encoding.Unicode.CodePage));
        }

        foreach (var types in new[] { reader.SupportedMediaTypes, writer.SupportedMediaTypes })
        {
            types.Clear();
            types.Add("application/json");
        }
    }

    private static void Configure(JsonSerializerOptions options)
    {
        // Answers are JSON with nosniff and never part of HTML: 你好 may stand there as it is.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new TimeConverter());
        options.NumberHandling = JsonNumberHandling.Strict;
        // Of two fields of one name a proxy or a filter might have looked at the other one.
        options.AllowDuplicateProperties = false;
    }

    /// <summary>
    /// Takes <c>application/json</c> and none of the types that are made of it. MVC would take a merge patch for JSON, too: by
    /// its rules null removes a field (RFC 7396), while here it means that the field stays.
    /// </summary>
    private sealed class JsonReader(JsonOptions options, ILogger<SystemTextJsonInputFormatter> logger)
        : SystemTextJsonInputFormatter(options, logger)
    {
        public override bool CanRead(InputFormatterContext context) =>
            base.CanRead(context) && !new MediaType(context.HttpContext.Request.ContentType!).SubTypeSuffix.HasValue;
    }

    /// <summary>A blank text in a path is a name that nobody has, and not one that is missing.</summary>
    private sealed class BlankTexts : IDisplayMetadataProvider
    {
        public void CreateDisplayMetadata(DisplayMetadataProviderContext context) =>
            context.DisplayMetadata.ConvertEmptyStringToNull = false;
    }
}
