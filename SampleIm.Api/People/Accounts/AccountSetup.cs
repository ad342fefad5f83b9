using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Names;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SampleIm.Api.People.Accounts;

/// <summary>Wires ASP.NET Core Identity and the two ways to sign in to this program's stores.</summary>
public static class AccountSetup
{
    /// <summary>The scheme of every request: bearer where it carries such a header, else cookie.</summary>
    public const string Scheme = "CookieOrBearer";

    /// <summary>As it is under http; under https <see cref="HostCookies.Prefix"/> stands before it.</summary>
    public const string CookieName = "SampleIm";

    public const int MostFailures = 10;

    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(5);

    public static void AddAccounts(this IServiceCollection services)
    {
        NameKey.RequireUnicode();
        services.AddIdentityCore<User>().AddUserStore<UserStore>();
        // In place of Identity's own rules: any script in names, no ritual of character classes in passwords.
        services.AddSingleton<ILookupNormalizer, NameKeyNormalizer>();
        Replace<IUserValidator<User>, UsernameValidator>(services);
        Replace<IPasswordValidator<User>, PasswordRule>(services);
        Replace<IPasswordHasher<User>, NormalizedPasswordHasher>(services);

        services.AddScoped<UserStore>();
        services.AddScoped<PasswordCheck>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<SignInAttempts>();
        services.AddHostedService(provider => provider.GetRequiredService<SignInAttempts>());
        services.AddSingleton<KnownUsers>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<ProfileChanges>();
        services.AddSingleton<AdminNames>();
        services.AddSingleton<EarlierNames>();
        SignInLimits.Add(services);
        // Before the filter that answers what is wrong with the body.
        services.Configure<MvcOptions>(options => options.Filters.Add<CurrentSession>(int.MinValue));
        AddSchemes(services);
        AddKeys(services);
    }

    private static void Replace<TService, TImplementation>(IServiceCollection services)
        where TService : class
        where TImplementation : class, TService
    {
        foreach (var other in services.Where(service => service.ServiceType == typeof(TService)).ToList())
        {
            services.Remove(other);
        }

        services.AddScoped<TService, TImplementation>();
    }

    private static void AddSchemes(IServiceCollection services)
    {
        services.Configure<SwaggerGenOptions>(DescribeSchemes);
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                    ? IdentityConstants.BearerScheme
                    : IdentityConstants.ApplicationScheme)
            .AddBearerToken(IdentityConstants.BearerScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, options =>
            {
                options.Cookie.Name = CookieName;
                options.CookieManager = new HostCookies();
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = Sessions.Lifetime;
                options.SlidingExpiration = true;
                // A poll has no use for a redirect to a page.
                options.Events.OnRedirectToLogin = RefuseAsync;
                // The one thing that is refused to somebody who is signed in: what is for administrators.
                options.Events.OnRedirectToAccessDenied = context =>
                    ApiProblem.Of(ProblemCodes.AccountNotAdministrator).ExecuteAsync(context.HttpContext);
            });
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .PostConfigure<ExpiringCaches, TimeProvider>(
                (options, caches, clock) => options.TicketDataFormat = new TicketMemory(options.TicketDataFormat, caches, clock));
        services.AddOptions<BearerTokenOptions>(IdentityConstants.BearerScheme)
            .PostConfigure<ExpiringCaches, TimeProvider>(
                (options, caches, clock) =>
                    options.BearerTokenProtector = new TicketMemory(options.BearerTokenProtector, caches, clock));
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        services.AddAuthorizationBuilder().SetDefaultPolicy(signedIn).SetFallbackPolicy(signedIn);
    }

    private static void DescribeSchemes(SwaggerGenOptions options)
    {
        options.AddSecurityDefinition(OpenApiSetup.CookieScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = CookieName,
            Description = """
                Set by Register and Login, and renewed by later answers; under https its name is `__Host-SampleIm`.
                A browser sends it by itself.
                """,
        });
        options.AddSecurityDefinition(OpenApiSetup.BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The access token that CreateToken or Refresh answers with.",
        });
    }

    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context) =>
        ApiProblem.Of(ProblemCodes.AccountSignInRequired).ExecuteAsync(context.HttpContext);

    /// <summary>Keys in the data folder: a cookie made before a restart is good after it.</summary>
    private static void AddKeys(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("SampleIm");
        services.AddSingleton<SignInKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<SignInKeys>((options, keys) => options.XmlRepository = keys);
    }

    private sealed class NameKeyNormalizer : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => name is null ? null : NameKey.Of(name);

        public string? NormalizeEmail(string? email) => email;
    }
}
