using System.Diagnostics.Metrics;
using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Files;
using SampleIm.Api.Chat.Messages;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Hosting.Configuration;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat;

/// <summary>Conversations, what is said in them, and the poll.</summary>
public static class ChatSetup
{
    public static void AddChat(this WebApplicationBuilder builder)
    {
        builder.AddSettings<MessageOptions>("Messages");
        builder.AddSettings<ImageOptions>("Images");
        AddConversations(builder);
        AddMessages(builder.Services);
        AddTotal(builder.Services);
    }

    /// <summary>Registers what is measured of the chat, so that it is there as zeros before the first send.</summary>
    public static void MeasureChat(this WebApplication app)
    {
        var views = app.Services.GetRequiredService<Views>();
        app.Services.GetRequiredService<IMeterFactory>().CreateServerMeter().CreateObservableGauge(
            "sampleim.views", () => views.Count, "{view}", "Users whose conversations are in memory");
        app.Lifetime.ApplicationStarted.Register(app.Services.GetRequiredService<SendMetrics>().ShowZeros);
        app.Services.GetRequiredService<PollMetrics>();
    }

    private static void AddConversations(WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<ConversationStore>()
            .AddSingleton<ConversationPages>()
            .AddSingleton<DirectConversations>()
            .AddSingleton<Views>();
        if (builder.Configuration.GetValue<DatabaseProvider>("Database:Provider") == DatabaseProvider.MySql)
        {
            // An embedded database has no other servers to follow.
            builder.Services.AddSingleton<ChangeLog>().AddHostedService<Follower>();
        }
    }

    private static void AddMessages(IServiceCollection services) => services
        .AddSingleton<MessageStore>()
        .AddSingleton<RecallStore>()
        .AddSingleton<MessageAppender>()
        .AddSingleton<SendRefusals>()
        .AddSingleton<BatchWriter>()
        .AddSingleton<GroupCommit>()
        .AddSingleton<MessageLedger>()
        .AddSingleton<SendMetrics>()
        .AddSingleton<ImageStore>()
        .AddSingleton<ImageFiles>()
        .AddSingleton<UnfinishedUploads>()
        .AddSingleton<OrphanSweep>()
        .AddHostedService(provider => provider.GetRequiredService<OrphanSweep>());

    private static void AddTotal(IServiceCollection services) => services
        .AddSingleton<Pollers>()
        .AddSingleton<TotalAnswers>()
        .AddSingleton<PollMetrics>()
        .AddSingleton<PollPace>()
        .AddHostedService<LoadMeter>()
        .AddHostedService<UnusedMemory>();
}
