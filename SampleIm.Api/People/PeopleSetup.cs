using System.Diagnostics.Metrics;
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
        var meter = app.Services.GetRequiredService<IMeterFactory>().CreateServerMeter();
        var (online, sessions) = (app.Services.GetRequiredService<OnlineList>(), app.Services.GetRequiredService<Sessions>());
        meter.CreateObservableGauge("sampleim.online", () => online.Look().Users.Count, "{user}", "Users on the online list");
        meter.CreateObservableGauge("sampleim.sessions", () => sessions.Count, "{session}", "Sign-ins that are in memory");
    }
}
