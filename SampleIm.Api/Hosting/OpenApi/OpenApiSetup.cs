using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace SampleIm.Api.Hosting.OpenApi;

/// <summary>The description of the API and the page to try it out on.</summary>
public static class OpenApiSetup
{
    public const string CookieScheme = "cookie";
    public const string BearerScheme = "bearer";

    public static void AddOpenApi(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "SampleIm",
                Version = "v1",
                Description = """
                    A messenger that needs nothing but plain HTTP. Register or sign in below: the browser keeps the cookie and
                    every other call works. Or call `POST /api/account/token` and put the access token into *Authorize*.
                    Ask `GET /api/total` once a second what has changed, and fetch only what is new.

                    Errors are `application/problem+json` with a stable `code`. Unknown fields of a body are ignored, unknown
                    parameters of a query are refused. Answers may gain fields, and lists of known values may gain values.
                    `docs/api.md` of the program says more.
                    """,
                Contact = new OpenApiContact { Name = "Those who run this server" },
                License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
            });
            // A call that takes GET takes HEAD too: HTTP says so, and each of them twice would say it no better.
            options.DocInclusionPredicate((_, call) => call.HttpMethod != HttpMethods.Head);
            options.AddServer(new OpenApiServer { Url = "/", Description = "This server." });
            options.IncludeXmlComments(typeof(OpenApiSetup).Assembly);
            options.SupportNonNullableReferenceTypes();
            // A bare reference can say neither that it may be null nor what it is for.
            options.UseAllOfToExtendReferenceSchemas();
            options.SchemaFilter<RequiredFields>();
            options.ParameterFilter<Bounds>();
            options.OperationFilter<ProblemResponses>();
            options.OperationFilter<SpecialBodies>();
            // Last, because it adds to the answers that the others describe.
            options.OperationFilter<HeaderFields>();
            options.DocumentFilter<DocumentDetails>();
        });
    }

    public static void MapSwagger(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<SwaggerPageOptions>>().Value.Enabled)
        {
            return;
        }

        app.MapSwaggerPages(options =>
        {
            options.SwaggerEndpoint("/swagger/v1/swagger.json", "SampleIm v1");
            options.DocumentTitle = "SampleIm API";
            options.EnableTryItOutByDefault();
            options.DisplayRequestDuration();
            // Scripts cannot set a cookie for a request: anyone who typed one here would still not be signed in. Login sets it.
            options.HeadContent = "<style>.auth-container:has(#api_key_value) { display: none }</style>";
        });
    }
}
