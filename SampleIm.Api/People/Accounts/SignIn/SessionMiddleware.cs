using System.Security.Claims;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// Holds the ticket that a request carries against the sessions that are valid: a cookie or a token whose session has
/// ended is worth nothing, whatever date it bears.
/// </summary>
public static class SessionMiddleware
{
    public const string SessionClaim = "sid";

    public static void UseSessions(this WebApplication app)
    {
        var sessions = app.Services.GetRequiredService<Sessions>();
        app.Use((context, next) => FindSessionAsync(context, next, sessions));
    }

    private static async Task FindSessionAsync(HttpContext context, RequestDelegate next, Sessions sessions)
    {
        if (context.User.FindFirstValue(SessionClaim) is { } id)
        {
            if (await sessions.FindAsync(id, context.RequestAborted) is { } session)
            {
                context.Features.Set(session);
            }
            else
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity());
            }
        }

        await next(context);
    }
}
