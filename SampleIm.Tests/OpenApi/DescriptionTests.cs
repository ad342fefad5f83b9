using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.OpenApi;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class DescriptionTests
{
    /// <summary>Every call of the contract: method, path, operation id.</summary>
    private const string Contract = """
        POST /api/account/register Register
        POST /api/account/login Login
        POST /api/account/refresh Refresh
        POST /api/account/logout Logout
        GET /api/account GetAccount
        PATCH /api/account UpdateAccount
        POST /api/account/password ChangePassword
        GET /api/conversations GetConversations
        GET /api/conversations/{id} GetConversation
        PUT /api/conversations/{id}/read MarkRead
        GET /api/users FindUsers
        GET /api/users/{username} GetUser
        GET /api/total GetTotal
        GET /api/conversations/{id}/messages/new GetNewMessages
        GET /api/conversations/{id}/messages/history GetHistory
        POST /api/conversations/{id}/messages SendMessage
        GET /api/conversations/{id}/messages/{seq} GetMessage
        PATCH /api/conversations/{id}/messages/{seq} EditMessage
        DELETE /api/conversations/{id}/messages/{seq} RecallMessage
        POST /api/images UploadImage
        GET /media/{id} GetImage
        GET /health/live GetLive
        GET /health/ready GetReady
        """;

    private static SampleImApp s_app = null!;
    private static JsonElement s_document;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_document = (await s_app.Anonymous().GetAsync("/swagger/v1/swagger.json")).Element;
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public void Description_HasExactlyTheCallsOfTheContract() => CollectionAssert.AreEquivalent(
        Contract.Split('\n', StringSplitOptions.TrimEntries),
        Calls().Select(call => $"{call.Method} {call.Path} {call.Operation.GetProperty("operationId").GetString()}").ToArray());

    [TestMethod]
    public void EveryCall_HasASummaryAndItsParametersAreExplained()
    {
        foreach (var (method, path, operation) in Calls())
        {
            Assert.IsTrue(operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 10, $"{method} {path}");
            foreach (var parameter in Parameters(operation))
            {
                Assert.IsTrue(parameter.TryGetProperty("description", out _), $"{method} {path} {parameter.GetProperty("name")}");
            }
        }
    }

    [TestMethod]
    public void EveryErrorAnswer_IsAProblemWithExamplesByCode()
    {
        foreach (var (method, path, operation) in Calls())
        {
            foreach (var answer in operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] is '4' or '5' && answer.Name != "416"))
            {
                var content = answer.Value.GetProperty("content").GetProperty("application/problem+json");
                Assert.AreEqual("#/components/schemas/ApiProblem", content.GetProperty("schema").GetProperty("$ref").GetString());
                foreach (var example in content.GetProperty("examples").EnumerateObject())
                {
                    Assert.AreEqual(answer.Name, example.Value.GetProperty("value").GetProperty("status").ToString(), $"{method} {path} {example.Name}");
                }
            }
        }
    }

    [TestMethod]
    public void SignIn_IsAskedForWhereItIsNeeded()
    {
        foreach (var (_, path, operation) in Calls())
        {
            var isOpen = path.StartsWith("/health", StringComparison.Ordinal) || operation.GetProperty("operationId").GetString() is "Register" or "Login" or "Refresh";
            Assert.AreEqual(!isOpen, operation.TryGetProperty("security", out var security) && security.GetArrayLength() == 2, path);
            Assert.AreEqual(!isOpen, operation.GetProperty("responses").TryGetProperty("401", out var refusal)
                && refusal.GetProperty("description").GetString()!.Contains("signInRequired", StringComparison.Ordinal), path);
        }

        var schemes = s_document.GetProperty("components").GetProperty("securitySchemes");
        Assert.AreEqual("SampleIm", schemes.GetProperty("cookie").GetProperty("name").GetString());
        Assert.AreEqual("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());
    }

    [TestMethod]
    public void Bodies_AreExplainedWithExamples()
    {
        foreach (var schema in s_document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            foreach (var property in schema.Value.GetProperty("properties").EnumerateObject())
            {
                var isReference = property.Value.TryGetProperty("$ref", out _);
                Assert.IsTrue(isReference || property.Value.TryGetProperty("description", out _), $"{schema.Name}.{property.Name} has no description");
                Assert.IsTrue(!schema.Name.EndsWith("Request", StringComparison.Ordinal) || property.Value.TryGetProperty("example", out _), $"{schema.Name}.{property.Name} has no example");
            }
        }
    }

    [TestMethod]
    public void Limits_StandInTheDescription()
    {
        var limit = Parameters(Operation("GET", "/api/conversations/{id}/messages/new")).Single(parameter => parameter.GetProperty("name").GetString() == "limit");
        Assert.AreEqual((1, 500, 100), (
            limit.GetProperty("schema").GetProperty("minimum").GetInt32(),
            limit.GetProperty("schema").GetProperty("maximum").GetInt32(),
            limit.GetProperty("schema").GetProperty("default").GetInt32()));
        Assert.IsTrue(Operation("POST", "/api/images").GetProperty("requestBody").GetProperty("content").TryGetProperty("multipart/form-data", out _));
        Assert.AreEqual(2, Operation("POST", "/api/account/login").GetProperty("responses").GetProperty("200")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("oneOf").GetArrayLength());
    }

    private static JsonElement Operation(string method, string path) => Calls().Single(call => call.Method == method && call.Path == path).Operation;

    private static List<JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Calls() =>
        s_document.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Select(call => (call.Name.ToUpperInvariant(), path.Name, call.Value)));
}
