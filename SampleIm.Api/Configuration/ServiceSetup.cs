using SampleIm.Api.Accounts;
using SampleIm.Api.Conversations;
using SampleIm.Api.Images;
using SampleIm.Api.Logging;
using SampleIm.Api.Memory;
using SampleIm.Api.Messages;
using SampleIm.Api.Metrics;
using SampleIm.Api.Presence;
using SampleIm.Api.Security;
using SampleIm.Api.Storage;
using SampleIm.Api.Total;

namespace SampleIm.Api.Configuration;

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
