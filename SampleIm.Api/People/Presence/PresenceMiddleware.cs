using SampleIm.Api.People.Accounts.SignIn;


namespace SampleIm.Api.People.Presence;

/// <summary>Anyone who makes a request is here: each one of a signed-in user keeps that user on the online list.</summary>
public static class PresenceMiddleware
{
    public static void UsePresence(this WebApplication app)
    {
        var online = app.Services.GetRequiredService<OnlineList>();
        app.Services.GetRequiredService<Sessions>().SignedOut += online.Leave;
        app.Use((context, next) =>
        {
            if (context.Features.Get<Session>() is { } session)
            {
                online.Touch(session.User);
            }

            return next(context);
        });
    }
}
