using System.Diagnostics.Metrics;
using System.Globalization;
using SampleIm.Api.Chat.Messages.Sending;
using SampleIm.Api.Hosting.Metrics;
using SampleIm.Api.Storage;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Metrics;

/// <summary>Each metric moves by what it counts. Read without a sign-in, which would itself be counted.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class MetricsTests
{
    private const string Messages = "/api/conversations/lobby/messages";

    private SampleImApp _app = null!;
    private ApiUser _alice = null!;
    private Dictionary<string, double> _before = [];

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(new() { ["Metrics:Addresses:0"] = "127.0.0.1" }, new TestClock());
        _alice = await _app.RegisterAsync("alice");
        _before = await ReadAsync();
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task Polls_AreCountedByWhetherAnythingHadChanged()
    {
        var etag = (await _alice.GetAsync("/api/total")).Response.Headers.ETag!.ToString();
        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", etag)).Status);
        Assert.AreEqual(304, (await _alice.GetAsync("/api/total", etag)).Status);
        (await _app.Anonymous().GetAsync("/api/total")).ShouldBe(401, "account.signInRequired");
        await ShouldHaveMovedAsync("sampleim_polls_total{answer=\"changed\"}", 1);
        await ShouldHaveMovedAsync("sampleim_polls_total{answer=\"unchanged\"}", 2);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"GET\",route=\"/api/total\",status=\"2xx\"}", 1);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"GET\",route=\"/api/total\",status=\"3xx\"}", 2);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"GET\",route=\"/api/total\",status=\"4xx\"}", 1);
    }

    [TestMethod]
    public async Task Sends_AreCountedWhenTheyAreAcknowledged()
    {
        await _alice.SendAsync("lobby", "one", "a");
        await _alice.SendAsync("lobby", "two");
        (await _alice.PostAsync(Messages, new { text = "one", clientId = "a" })).ShouldBe(200);
        (await _alice.PostAsync(Messages, new { text = " " })).ShouldBe(400, "message.empty");
        await ShouldHaveMovedAsync("sampleim_sends_total{outcome=\"kept\"}", 2);
        await ShouldHaveMovedAsync("sampleim_sends_total{outcome=\"repeated\"}", 1);
        await ShouldHaveMovedAsync("sampleim_commit_undone_total{reason=\"refused\"}", 1);
        await ShouldHaveMovedAsync("sampleim_send_duration_seconds_count", 2);
        await ShouldHaveMovedAsync("sampleim_send_duration_seconds_bucket{le=\"+Inf\"}", 2);
        await ShouldHaveMovedAsync("sampleim_commit_batch_sum", 2);
        await ShouldHaveMovedAsync("sampleim_problems_total{code=\"message.empty\"}", 1);
        var after = await ReadAsync();
        Assert.IsGreaterThan(0, after["sampleim_send_duration_seconds_sum"]);
        Assert.IsGreaterThan(0, after["sampleim_commit_duration_seconds_sum"]);
        Assert.IsGreaterThan(0, after["sampleim_commit_duration_seconds_count"]);
    }

    [TestMethod]
    public async Task Commits_AreCountedByTheSizeOfTheirBatch()
    {
        var sends = _app.Get<SendMetrics>();
        sends.Committed(3, TimeSpan.FromMilliseconds(20));
        sends.Committed(1000, TimeSpan.FromSeconds(9));
        sends.WatchQueue(() => 7);
        sends.Undone(new StorageUnavailableException("away"));
        sends.Undone(new InvalidOperationException("broken"));
        await ShouldHaveMovedAsync("sampleim_commit_undone_total{reason=\"unavailable\"}", 1);
        await ShouldHaveMovedAsync("sampleim_commit_undone_total{reason=\"fault\"}", 1);
        await ShouldHaveMovedAsync("sampleim_commit_batch_bucket{le=\"2\"}", 0);
        await ShouldHaveMovedAsync("sampleim_commit_batch_bucket{le=\"4\"}", 1);
        await ShouldHaveMovedAsync("sampleim_commit_batch_bucket{le=\"256\"}", 1);
        await ShouldHaveMovedAsync("sampleim_commit_batch_bucket{le=\"+Inf\"}", 2);
        await ShouldHaveMovedAsync("sampleim_commit_batch_sum", 1003);
        await ShouldHaveMovedAsync("sampleim_commit_duration_seconds_bucket{le=\"0.01\"}", 0);
        await ShouldHaveMovedAsync("sampleim_commit_duration_seconds_bucket{le=\"0.025\"}", 1);
        await ShouldHaveMovedAsync("sampleim_commit_duration_seconds_sum", 9.02);
        await ShouldHaveMovedAsync("sampleim_send_queue", 7);
    }

    [TestMethod]
    public async Task Requests_AreCountedByTheirRouteAndNeverByTheirPath()
    {
        (await _alice.GetAsync("/api/users/alice")).ShouldBe(200);
        (await _alice.GetAsync("/api/users/nobody")).ShouldBe(404, "user.unknown");
        (await _alice.GetAsync("/api/nothing")).ShouldBe(404, "request.unknownPath");
        (await _alice.DeleteAsync("/api/total")).ShouldBe(405, "request.methodNotAllowed");
        (await _app.Anonymous().GetAsync("/")).ShouldBe(200);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"GET\",route=\"/api/users/{username}\",status=\"2xx\"}", 1);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"GET\",route=\"/api/users/{username}\",status=\"4xx\"}", 1);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"any\",route=\"none\",status=\"4xx\"}", 2);
        await ShouldHaveMovedAsync("sampleim_requests_total{method=\"GET\",route=\"page\",status=\"2xx\"}", 1);
        await ShouldHaveMovedAsync("sampleim_problems_total{code=\"user.unknown\"}", 1);
        await ShouldHaveMovedAsync("sampleim_problems_total{code=\"request.methodNotAllowed\"}", 1);
    }

    [TestMethod]
    public async Task UsersAndWhatIsInMemory_AreShownAsTheyAre()
    {
        Assert.AreEqual((0, 0, 0), (_before["sampleim_online"], _before["sampleim_views"], _before["sampleim_sessions"]));
        var bob = await _app.RegisterAsync("bob");
        await bob.TotalAsync();
        (await _alice.GetAsync("/api/account")).ShouldBe(200);
        await ShouldHaveMovedAsync("sampleim_online", 2);
        await ShouldHaveMovedAsync("sampleim_views", 1);
        await ShouldHaveMovedAsync("sampleim_sessions", 2);
        (await bob.PostAsync("/api/account/logout")).ShouldBe(204);
        await ShouldHaveMovedAsync("sampleim_online", 1);
        await ShouldHaveMovedAsync("sampleim_sessions", 1);
    }

    [TestMethod]
    public async Task TheProcess_IsMeasured()
    {
        GC.Collect(0);
        var after = await ReadAsync();
        Assert.IsGreaterThan(10_000_000, after["sampleim_process_memory_bytes"]);
        Assert.IsGreaterThan(100_000, after["sampleim_gc_heap_bytes"]);
        Assert.IsGreaterThan(_before["sampleim_gc_allocated_bytes_total"], after["sampleim_gc_allocated_bytes_total"]);
        Assert.IsGreaterThan(
            _before["sampleim_gc_collections_total{generation=\"0\"}"], after["sampleim_gc_collections_total{generation=\"0\"}"]);
        Assert.IsGreaterThanOrEqualTo(_before["sampleim_process_cpu_seconds_total"], after["sampleim_process_cpu_seconds_total"]);
        Assert.IsGreaterThan(0, after["sampleim_gc_pause_seconds_total"]);
    }

    [TestMethod]
    public async Task EveryMetric_IsExplainedInTheDocumentationAndInTheText()
    {
        var documentation = await File.ReadAllTextAsync(Path.Combine(TestMachine.RepositoryPath, "docs", "metrics.md"));
        // A distribution is there from its first value on, and so are error answers.
        await _alice.SendAsync("lobby", "one");
        (await _alice.GetAsync("/api/nothing")).ShouldBe(404, "request.unknownPath");
        var text = (await _app.Anonymous().GetAsync("/metrics")).Body;
        var all = InstrumentsOf(_app);
        Assert.IsGreaterThan(10, all.Count);
        foreach (var name in all)
        {
            var plain = name.Replace('.', '_');
            StringAssert.Matches(
                documentation, new($@"\| `{name.Replace(".", "\\.", StringComparison.Ordinal)}` \| `{plain}\w*` \|"), name);
            StringAssert.Matches(
                text, new($@"(^|\n)# TYPE {plain}\w* (counter|gauge|histogram)\n# HELP {plain}\w* \S.*\n"), name);
        }
    }

    private static List<string> InstrumentsOf(SampleImApp app)
    {
        var (scope, names) = (app.Get<IMeterFactory>(), new List<string>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == MetricsSetup.MeterName && ReferenceEquals(instrument.Meter.Scope, scope))
                {
                    names.Add(instrument.Name);
                }
            },
        };
        listener.Start();
        return names;
    }

    private async Task ShouldHaveMovedAsync(string series, double by) =>
        Assert.AreEqual(by, (await ReadAsync()).GetValueOrDefault(series) - _before.GetValueOrDefault(series), 1e-9, series);

    private async Task<Dictionary<string, double>> ReadAsync()
    {
        var answer = await _app.Anonymous().GetAsync("/metrics");
        answer.ShouldBe(200);
        return answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')].Replace("{}", "", StringComparison.Ordinal),
                line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
