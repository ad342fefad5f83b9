using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.Storage;

/// <summary>The database, the data folder and what looks after them.</summary>
public static class StorageSetup
{
    public static void AddStorage(this IServiceCollection services) => services
        .AddSingleton<DataFolder>()
        .AddSingleton<Database>()
        .AddSingleton<ServerLock>()
        .AddSingleton<Schema>()
        .AddSingleton<Erasure>()
        .AddHostedService(provider => provider.GetRequiredService<Erasure>());
}
