using System.Text.RegularExpressions;
using SampleIm.Tests.Hosting.OpenApi;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Problems;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class UnknownParameterTests
{
    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_alice = await s_app.RegisterAsync("alice");
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    [DataRow("/api/conversations/lobby/messages/new?afer=1", "afer", "Did you mean 'after'?")]
    [DataRow("/api/conversations/lobby/messages/new?after=1&limt=2", "limt", "Did you mean 'limit'?")]
    [DataRow(
        "/api/conversations/lobby/messages/new?id=lobby", "id", "It takes 'after', 'limit'.", DisplayName = "a name of the path")]
    [DataRow("/api/conversations/lobby/messages/history?Befor=1", "Befor", "Did you mean 'before'?")]
    [DataRow("/api/conversations/lobby/messages/new?page=2", "page", "It takes 'after', 'limit'.", DisplayName = "another word")]
    [DataRow("/api/users?qurey=al", "qurey", "Did you mean 'query'?")]
    [DataRow("/api/account?x", "x", "It takes 'ifSignedIn'.")]
    [DataRow("/api/limits?x", "x", "It takes none.")]
    [DataRow("/api/total?x=1", "x", "It takes none.")]
    [DataRow("/API/Total?=1", "", "It takes none.")]
    [DataRow("/media/AAAAAAAAAAAAAAAAAAAAAA?size=small", "size", "It takes none.")]
    public async Task Parameter_ThatTheCallDoesNotKnow_IsRefusedWithTheNearestName(string path, string name, string hint)
    {
        // A poll that the short way would answer, too.
        await s_alice.TotalAsync();
        var answer = await s_alice.GetAsync(path);
        answer.ShouldBe(400, "request.unknownParameter");
        Assert.EndsWith($"'{name}'. {hint}", answer.Element.GetProperty("detail").GetString()!);
        Assert.AreEqual(1, answer.Element.GetProperty("errors").GetProperty(name).GetArrayLength());
    }

    [TestMethod]
    public async Task EveryCall_RefusesIt()
    {
        var description = await Description.ReadAsync(s_app);
        var (program, _) = await s_alice.SignInByTokenAsync();
        var calls = description.Calls.Where(call => !Regex.IsMatch(call.Path, "^/(health/|metrics$)")).ToList();
        Assert.IsGreaterThan(20, calls.Count);
        foreach (var (method, path, _) in calls)
        {
            var target = Regex.Replace(path, @"\{\w+\}", "1");
            (await program.AskAsync(new HttpMethod(method), target + "?unknown=1", null))
                .ShouldBe(400, "request.unknownParameter");
        }
    }

    [TestMethod]
    public async Task Name_OfAnyLength_IsAnsweredShortly()
    {
        var answer = await s_alice.GetAsync("/api/total?" + new string('x', 5000));
        answer.ShouldBe(400, "request.unknownParameter");
        Assert.IsLessThan(1000, answer.Body.Length);
    }

    [TestMethod]
    [DataRow("/api/users?QUERY=al&Limit=5")]
    [DataRow("/api/conversations/lobby/messages/new?after=0&limit=5")]
    [DataRow("/api/total?", DisplayName = "an empty query")]
    [DataRow("/health/live?now=1", DisplayName = "what keeps a cache away")]
    [DataRow("/health/ready?now=1")]
    [DataRow("/?utm_source=mail", DisplayName = "the page")]
    [DataRow("/favicon.svg?v=2")]
    [DataRow("/swagger/index.html?x=1")]
    [DataRow("/swagger/v1/swagger.json?x=1")]
    public async Task Query_OfAKnownName_OrOfNoCall_IsTaken(string path) =>
        Assert.AreEqual(200, (await s_alice.GetAsync(path)).Status);

    [TestMethod]
    public async Task Stranger_LearnsNoNames() =>
        (await s_app.Anonymous().GetAsync("/api/users?qurey=al")).ShouldBe(401, "account.signInRequired");

    [TestMethod]
    public async Task Field_OfABody_MayBeUnknown() =>
        (await s_alice.PostAsync("/api/conversations/lobby/messages", new { text = "hello", unknown = 1 })).ShouldBe(201);
}
