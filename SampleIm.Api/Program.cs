using SampleIm.Api.Chat;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Commands;
using SampleIm.Api.Commands.Backup;
using SampleIm.Api.Commands.Moving;
using SampleIm.Api.Hosting;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Presence;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;

if (await CommandLine.RunAsync(args) is { } exitCode)
{
    return exitCode;
}

WebApplication app;
try
{
    // The program's own files lie beside it, wherever it is started from; Data:Path is relative to where that is.
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    // Without this every page asset is empty when the program runs from its build output outside the Development environment.
    builder.WebHost.UseStaticWebAssets();
    builder.AddStorageSettings();
    builder.Services.AddStorage();
    builder.AddHosting();
    builder.AddPeople();
    builder.AddChat();
    builder.RefuseMisspeltSections();

    app = builder.Build();
    UnfinishedRestore.Refuse(app.Services.GetRequiredService<DataFolder>().Path);
    await app.Services.GetRequiredService<ServerLock>().TakeAsync(CancellationToken.None);
    await app.Services.GetRequiredService<Schema>().ApplyAsync(CancellationToken.None);
    await UnfinishedMove.RefuseAsync(app.Services.GetRequiredService<Database>(), CancellationToken.None);
    await app.Services.GetRequiredService<EarlierNames>().BringForwardAsync(CancellationToken.None);
    await app.Services.GetRequiredService<SignInKeys>().WarnOfMissingAsync(CancellationToken.None);
    await app.Services.GetRequiredService<AdminNames>().WarnOfFreeAsync(CancellationToken.None);

    app.UseTrustedProxies();
    app.UseOpenConnections();
    app.UseShortPolls();
    app.UseMetrics();
    app.MeasurePeople();
    app.MeasureChat();
    app.UseRequestLog();
    var headers = app.Services.GetRequiredService<SecurityHeaders>();
    app.Use(headers.AddAsync);
    app.UseProblems();
    // Before anything refuses: a page of another origin has to read the refusal.
    app.UseCrossOrigin();
    app.Use(app.Services.GetRequiredService<GracefulStop>().RefuseWhileStoppingAsync);
    app.Use(BodyLimit.LimitAsync);
    app.Use(AcceptedEncodings.ResolveAsync);
    app.UsePage();
    app.UseRouting();
    app.Use(headers.AdjustAsync);
    app.Use(app.Services.GetRequiredService<HostNames>().RefuseAsync);
    app.Use(ReadMethods.AnswerOptionsAsync);
    app.Use(app.Services.GetRequiredService<CrossSite>().RefuseAsync);
    app.UseAuthentication();
    app.UseSessions();
    app.UsePresence();
    app.UseAuthorization();
    app.Use(new UnknownParameters().RefuseAsync);
    app.UseRateLimits();
    app.MapStaticAssets().AllowAnonymous().WithMetadata(new RoutineAttribute());
    app.MapSwagger();
    app.MapControllers().AddHead();
    var others = app.MapGroup("");
    others.AddHead();
    others.MapTotal();
    others.MapHealth();
    others.MapMetrics();
    await app.StartAsync();
    app.Services.GetRequiredService<HostNames>().Start();
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("SampleIm was stopped before it had started.");
    return 0;
}
catch (Exception fault) when (fault is not HostAbortedException)
{
    await Console.Error.WriteLineAsync($"SampleIm cannot start. {StartupFault.Explain(fault)}");
    return 1;
}

await using (app)
{
    await app.WaitForShutdownAsync();
}

return 0;

/// <summary>The program; public so that the tests can host it.</summary>
public partial class Program;
