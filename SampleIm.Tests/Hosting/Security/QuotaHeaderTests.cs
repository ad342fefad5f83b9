using SampleIm.Tests.Running;


namespace SampleIm.Tests.Hosting.Security;

/// <summary>What answers tell of limits before these are reached.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class QuotaHeaderTests
{
    private const string Messages = "/api/conversations/lobby/messages";

    [TestMethod]
    public async Task Write_TellsWhatIsLeft()
    {
        using var app = AppWith("Send", permits: 3);
        var alice = await app.RegisterAsync();
        ShouldTell(await alice.PostAsync(Messages, new { text = "one" }), "\"send\";q=3;w=3600", "\"send\";r=2;t=1200");
        ShouldTell(await alice.PostAsync(Messages, new { text = " " }), "\"send\";q=3;w=3600", "\"send\";r=1;t=2400");
        ShouldTell(await alice.PatchAsync($"{Messages}/1", new { text = "two" }), "\"send\";q=3;w=3600", "\"send\";r=0;t=3600");
        var refused = await alice.PostAsync(Messages, new { text = "one too many" });
        refused.ShouldBe(429, "request.rateLimited");
        ShouldTell(refused, "\"send\";q=3;w=3600", "\"send\";r=0;t=3600");
    }

    [TestMethod]
    public async Task EveryLimit_IsToldByItsName()
    {
        using var app = new SampleImApp(new() { ["RateLimits:Enabled"] = "true" });
        var alice = await app.RegisterAsync("alice");
        var registered = await app.Anonymous().PostAsync("/api/account/register", new { username = "x", password = "x" });
        Assert.AreEqual("\"register\";q=600;w=600", Policy(registered));
        Assert.AreEqual("\"profile\";q=30;w=60", Policy(await alice.PatchAsync("/api/account", new { bio = "hello" })));
        Assert.AreEqual("\"upload\";q=60;w=60", Policy(await alice.UploadAsync(Pictures.Png(3, 2))));
        Assert.AreEqual("\"search\";q=300;w=60", Policy(await alice.GetAsync("/api/users")));
    }

    [TestMethod]
    public async Task SignIn_TellsOfBothItsLimits_AlikeWhetherOrNotAnybodyHasTheName()
    {
        using var app = AppWith("LoginName", permits: 3);
        await app.RegisterAsync("alice");
        var known = await app.Anonymous().PostAsync("/api/account/login", new { username = "alice", password = "wrong" });
        var unknown = await app.Anonymous().PostAsync("/api/account/token", new { username = "nobody", password = "wrong" });
        ShouldTell(known, "\"login\";q=300;w=60, \"loginName\";q=3;w=3600", "\"login\";r=299;t=1, \"loginName\";r=2;t=1200");
        Assert.EndsWith("\"loginName\";r=2;t=1200", Left(unknown));
    }

    [TestMethod]
    public async Task Call_WithoutALimit_TellsOfNone()
    {
        using var app = AppWith("Send", permits: 3);
        var alice = await app.RegisterAsync();
        Assert.AreEqual("", Policy(await alice.GetAsync("/api/account")));
        Assert.AreEqual("", Policy(await alice.PutAsync("/api/conversations/lobby/read", new { seq = 0 })));
        using var without = new SampleImApp();
        Assert.AreEqual("", Policy(await (await without.RegisterAsync()).PostAsync(Messages, new { text = "hello" })));
    }

    private static SampleImApp AppWith(string limit, int permits) => new(new()
    {
        ["RateLimits:Enabled"] = "true",
        [$"RateLimits:{limit}:Permits"] = $"{permits}",
        [$"RateLimits:{limit}:Window"] = "01:00:00",
    });

    private static void ShouldTell(Answer answer, string policy, string left) =>
        Assert.AreEqual((policy, left), (Policy(answer), Left(answer)));

    private static string Policy(Answer answer) => Header(answer, "RateLimit-Policy");

    private static string Left(Answer answer) => Header(answer, "RateLimit");

    private static string Header(Answer answer, string name) =>
        answer.Response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
