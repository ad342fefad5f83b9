using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;
using SampleIm.Tests.Running;
using SampleIm.Tests.Storage.Plans;

namespace SampleIm.Tests.People.Profiles;

/// <summary>Two changes of one name at the same moment: what is in memory in the end is what is in the database.</summary>
[TestClass]
public sealed class RenameTests
{
    /// <summary>How long the first write keeps its caller waiting for the second, which may never come.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly string _folder = TestMachine.MakeFolder();

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task TwoChanges_ReachMemoryInTheOrderOfTheirCommits()
    {
        using var database = TestDatabase.Create();
        var dialect = new Overtaken(TestDatabase.IsMySql
            ? new MySqlDialect(database.ConnectionString)
            : new SqliteDialect($"Data Source={SqliteFile.In(_folder)}"));
        using var app = new SampleImApp(dataPath: _folder, database: database, replace: services =>
            services.Replace(ServiceDescriptor.Singleton(_ => new Database(dialect))));
        var alice = await app.RegisterAsync("alice");
        await alice.TotalAsync();

        dialect.Begin();
        var first = alice.PatchAsync("/api/account", new { displayName = "First" });
        await dialect.FirstIsCommitted;
        var second = alice.PatchAsync("/api/account", new { displayName = "Second" });
        (await first).ShouldBe(200);
        (await second).ShouldBe(200);

        Assert.AreEqual("Second", (await alice.GetAsync("/api/users/alice")).Element.GetProperty("displayName").GetString());
        Assert.AreEqual("Second", (await alice.TotalAsync()).Online.Single().DisplayName);
    }

    /// <summary>The caller of the first write hears of it only after another write has been committed too.</summary>
    private sealed class Overtaken(Dialect inner) : PassingDialect(inner)
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _writes = -1;

        public Task FirstIsCommitted => _first.Task;

        public void Begin() => Interlocked.Exchange(ref _writes, 0);

        public override async Task<T> RunWriteAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
        {
            var answer = await base.RunWriteAsync(work, cancellation);
            switch (Volatile.Read(ref _writes) < 0 ? -1 : Interlocked.Increment(ref _writes))
            {
                case 1:
                    _first.SetResult();
                    await Task.WhenAny(_second.Task, Task.Delay(s_patience, CancellationToken.None));
                    break;
                case 2:
                    _second.SetResult();
                    break;
                default:
                    break;
            }

            return answer;
        }
    }
}
