using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Presence;
using SampleIm.Api.People.Profiles;

namespace SampleIm.Api.People;

/// <summary>Who people are, and who of them is there.</summary>
public static class PeopleSetup
{
    public static void AddPeople(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AdminOptions>("Admin");
        builder.AddSettings<PresenceOptions>("Presence");
        builder.Services.AddAccounts();
        builder.Services.AddSingleton<OnlineList>();
        builder.Services.AddSingleton<ProfileStore>();
    }

    /// <summary>Registers what is measured of people.</summary>
    public static void MeasurePeople(this WebApplication app)
    {
        var instruments = app.Services.GetRequiredService<Instruments>();
        var (online, sessions) = (app.Services.GetRequiredService<OnlineList>(), app.Services.GetRequiredService<Sessions>());
        instruments.AddGauge("sampleim.online", "{user}", "Users on the online list", () => online.Look().Users.Count);
        instruments.AddGauge("sampleim.sessions", "{session}", "Sign-ins that are in memory", () => sessions.Count);
    }
}
