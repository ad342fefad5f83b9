using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Hosting.Security;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Presence;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;


namespace SampleIm.Api.Hosting.Configuration;

/// <summary>The features and their sections of the configuration.</summary>
public static class ServiceSetup
{
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DataOptions>("Data");
        builder.AddSettings<DatabaseOptions>("Database");
        builder.AddSettings<AdminOptions>("Admin");
        builder.AddSettings<PresenceOptions>("Presence");
        builder.AddSettings<MessageOptions>("Messages");
        builder.AddSettings<ImageOptions>("Images");
        builder.AddSettings<RateLimitOptions>("RateLimits");
        builder.AddSettings<ProxyOptions>("Proxies");

        builder.Services
            .AddSingleton<AuditLog>()
            .AddSingleton<DataFolder>()
            .AddSingleton<Database>()
            .AddSingleton<ServerLock>()
            .AddSingleton<Schema>()
            .AddHostedService<UnusedMemory>()
            .AddSingleton<ExpiringCaches>()
            .AddHostedService(services => services.GetRequiredService<ExpiringCaches>())
            .AddSingleton<OnlineList>()
            .AddSingleton<ConversationStore>()
            .AddSingleton<ConversationPages>()
            .AddSingleton<DirectConversations>()
            .AddSingleton<Views>()
            .AddSingleton<Pollers>()
            .AddSingleton<TotalAnswers>()
            .AddSingleton<PollPace>()
            .AddHostedService<LoadMeter>()
            .AddSingleton<MessageStore>()
            .AddSingleton<RecallStore>()
            .AddSingleton<MessageAppender>()
            .AddSingleton<SendRefusals>()
            .AddSingleton<BatchWriter>()
            .AddSingleton<GroupCommit>()
            .AddSingleton<MessageLedger>()
            .AddSingleton<ImageStore>()
            .AddSingleton<ImageFiles>()
            .AddSingleton<UnfinishedUploads>()
            .AddSingleton<Erasure>()
            .AddHostedService(services => services.GetRequiredService<Erasure>())
            .AddSingleton<OrphanSweep>()
            .AddHostedService(services => services.GetRequiredService<OrphanSweep>());
        builder.Services.AddAccounts();
        builder.Services.AddRateLimits();
        builder.AddMetrics();
        builder.RefuseMisspeltSections();
        if (builder.Configuration.GetValue<DatabaseProvider>("Database:Provider") == DatabaseProvider.MySql)
        {
            // An embedded database has no other servers to follow.
            builder.Services.AddSingleton<ChangeLog>().AddHostedService<Follower>();
        }
    }
}
