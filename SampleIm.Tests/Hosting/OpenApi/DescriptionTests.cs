using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.OpenApi;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class DescriptionTests
{
    /// <summary>Every call of the contract: method, path, operation id.</summary>
    private const string Contract = """
        POST /api/account/register Register
        POST /api/account/login Login
        POST /api/account/token CreateToken
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
        GET /api/limits GetLimits
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
        GET /metrics GetMetrics
        """;

    /// <summary>What a request must have.</summary>
    private const string Required = """
        ChangePasswordRequest currentPassword newPassword
        EditMessageRequest text
        LoginRequest password username
        MarkReadRequest seq
        RefreshRequest refreshToken
        RegisterRequest password username
        SendMessageRequest
        TokenRequest password username
        UpdateAccountRequest
        """;

    /// <summary>What an answer always has, and sometimes null.</summary>
    private const string Nullable = """
        AccountResponse avatarUrl email
        ConversationListResponse next
        ConversationResponse lastMessage
        FoundUser avatarUrl
        MessagePreview text
        MessageResponse clientId editedAt image recalledAt text
        UserListResponse next
        UserResponse avatarUrl
        UserSummary avatarUrl
        """;

    private static readonly string[] s_mediaTypes = [
        "application/json", "application/problem+json", "multipart/form-data", "image/*", "text/plain"];

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static Description s_description = null!;

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        s_alice = await s_app.RegisterAsync("alice");
        s_description = await Description.ReadAsync(s_app);
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public void Description_HasExactlyTheCallsOfTheContract() => CollectionAssert.AreEquivalent(
        Contract.Split('\n', StringSplitOptions.TrimEntries),
        s_description.Calls.Select(call => $"{call.Method} {call.Path} {call.Operation.GetProperty("operationId").GetString()}")
            .ToArray());

    [TestMethod]
    public void EveryCall_HasASummaryAndItsParametersAreExplained()
    {
        foreach (var (method, path, operation) in s_description.Calls)
        {
            Assert.IsTrue(
                operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 10, $"{method} {path}");
            Assert.DoesNotContain("`", summary.GetString()!, $"A summary is no Markdown: {method} {path}");
            Assert.IsTrue(
                operation.TryGetProperty("description", out var text) && text.GetString()!.Length > 10, $"{method} {path}");
            foreach (var parameter in Description.Parameters(operation))
            {
                Assert.IsTrue(parameter.TryGetProperty("description", out _), $"{method} {path} {parameter.GetProperty("name")}");
            }
        }
    }

    [TestMethod]
    public void EveryErrorAnswer_IsAProblemWithExamplesByCode()
    {
        foreach (var (method, path, operation) in s_description.Calls)
        {
            foreach (var answer in operation.GetProperty("responses").EnumerateObject()
                .Where(answer => answer.Name[0] is '4' or '5'))
            {
                var content = answer.Value.GetProperty("content").GetProperty("application/problem+json");
                Assert.AreEqual("#/components/schemas/ApiProblem", content.GetProperty("schema").GetProperty("$ref").GetString());
                foreach (var example in content.GetProperty("examples").EnumerateObject())
                {
                    Assert.AreEqual(
                        answer.Name, example.Value.GetProperty("value").GetProperty("status").ToString(),
                        $"{method} {path} {example.Name}");
                }
            }
        }
    }

    [TestMethod]
    public void SignIn_IsAskedForWhereItIsNeeded()
    {
        foreach (var (_, path, operation) in s_description.Calls)
        {
            var isOpen = path.StartsWith("/health", StringComparison.Ordinal)
                || operation.GetProperty("operationId").GetString() is "Register" or "Login" or "CreateToken" or "Refresh";
            // An empty list says that none is needed; no list would say nothing.
            Assert.AreEqual(isOpen ? 0 : 2, operation.GetProperty("security").GetArrayLength(), path);
            Assert.AreEqual(!isOpen, operation.GetProperty("responses").TryGetProperty("401", out var refusal)
                && refusal.GetProperty("description").GetString()!.Contains("signInRequired", StringComparison.Ordinal), path);
        }

        var schemes = s_description.SecuritySchemes;
        Assert.AreEqual("SampleIm", schemes.GetProperty("cookie").GetProperty("name").GetString());
        Assert.AreEqual("bearer", schemes.GetProperty("bearer").GetProperty("scheme").GetString());
    }

    [TestMethod]
    public void Bodies_AreExplainedWithExamples()
    {
        foreach (var schema in s_description.Schemas)
        {
            foreach (var field in Fields(schema))
            {
                Assert.IsTrue(field.Value.TryGetProperty("description", out _), $"{schema.Name}.{field.Name} has no description");
                // The examples of an object or a list stand at the fields inside it.
                var isScalar = field.Value.TryGetProperty("type", out var type) && type.GetString() is not ("object" or "array");
                Assert.IsTrue(
                    !isScalar || field.Value.TryGetProperty("example", out _), $"{schema.Name}.{field.Name} has no example");
            }
        }
    }

    [TestMethod]
    [DataRow("/health/live")]
    [DataRow("/health/ready")]
    public async Task Health_IsDescribedByTheAnswerThatItGives(string path) => Assert.AreEqual(
        (await s_alice.GetAsync(path)).Element.GetProperty("status").GetString(),
        Description.Answers(s_description.Operation("GET", path))["200"].GetProperty("content").GetProperty("application/json")
            .GetProperty("example").GetProperty("status").GetString());

    [TestMethod]
    public void Requests_RequireWhatTheyRefuseToMiss()
    {
        var requests = s_description.Schemas.Where(IsRequest).ToList();
        Assert.AreEqual(
            Required.ReplaceLineEndings("\n"),
            string.Join('\n', requests.ConvertAll(schema => Line(schema.Name, RequiredOf(schema)))));
        Assert.IsFalse(
            requests.Exists(schema => Fields(schema).Any(field => RequiredOf(schema).Contains(field.Name) && IsNullable(field))));
    }

    [TestMethod]
    public void Answers_AlwaysHaveTheirFieldsNullOrNot()
    {
        var answers = s_description.Schemas.Where(schema => !IsRequest(schema)).ToList();
        foreach (var schema in answers)
        {
            var always = Fields(schema).Select(field => field.Name)
                .Where(name => (schema.Name, name) != ("ApiProblem", "errors"));
            Assert.AreEqual(Line(schema.Name, always), Line(schema.Name, RequiredOf(schema)));
        }

        var nullable = answers.Where(schema => Fields(schema).Any(IsNullable))
            .Select(schema => Line(schema.Name, Fields(schema).Where(IsNullable).Select(field => field.Name)));
        Assert.AreEqual(Nullable.ReplaceLineEndings("\n"), string.Join('\n', nullable));
    }

    [TestMethod]
    public void Bodies_MayHaveFieldsThatAreNotDescribed() =>
        Assert.IsEmpty(
            s_description.Schemas.Where(schema => schema.Value.TryGetProperty("additionalProperties", out _))
                .Select(schema => schema.Name));

    [TestMethod]
    public async Task Codes_ThatAreNotDescribed_FailATest()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(s_app.Address, "/api/images"));
        await s_app.Documented.CheckAsync(request, 400, "image.invalid");
        await Assert.ThrowsExactlyAsync<AssertFailedException>(() => s_app.Documented.CheckAsync(request, 400, "message.empty"));
        await Assert.ThrowsExactlyAsync<AssertFailedException>(() => s_app.Documented.CheckAsync(request, 409, null));
    }

    [TestMethod]
    public async Task Upload_OfMuchThatIsNoForm_IsDescribed() =>
        (await s_alice.PostRawAsync("/api/images", new byte[70_000], "image/png")).ShouldBe(413, "request.tooLarge");

    [TestMethod]
    public void Limits_StandInTheDescription()
    {
        var limit = Description.Parameters(s_description.Operation("GET", "/api/conversations/{id}/messages/new"))
            .Single(parameter => parameter.GetProperty("name").GetString() == "limit");
        Assert.AreEqual((1, 500, 100), (
            limit.GetProperty("schema").GetProperty("minimum").GetInt32(),
            limit.GetProperty("schema").GetProperty("maximum").GetInt32(),
            limit.GetProperty("schema").GetProperty("default").GetInt32()));
        Assert.IsTrue(
            s_description.Operation("POST", "/api/images").GetProperty("requestBody").GetProperty("content")
                .TryGetProperty("multipart/form-data", out _));
    }

    [TestMethod]
    [DataRow("/api/account/login", "200", "AccountResponse")]
    [DataRow("/api/account/register", "201", "AccountResponse")]
    [DataRow("/api/account/token", "200", "TokenResponse")]
    [DataRow("/api/account/refresh", "200", "TokenResponse")]
    public void SignIn_HasOneAnswer_WhichAGeneratedClientCanRead(string path, string status, string schema)
    {
        var operation = s_description.Operation("POST", path);
        Assert.AreEqual($"#/components/schemas/{schema}", operation.GetProperty("responses").GetProperty(status)
            .GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString());
        Assert.IsEmpty(Description.Parameters(operation), "A parameter that changes the answer");
    }

    [TestMethod]
    public void Bodies_AreRequiredAndOfOneMediaType()
    {
        foreach (var (method, path, operation) in s_description.Calls)
        {
            var bodies = Description.Answers(operation).Values.ToList();
            if (operation.TryGetProperty("requestBody", out var body))
            {
                Assert.IsTrue(body.GetProperty("required").GetBoolean(), $"{method} {path}");
                bodies.Add(body);
            }

            foreach (var described in bodies.Where(described => described.TryGetProperty("content", out _)))
            {
                var types = string.Join(' ', described.GetProperty("content").EnumerateObject().Select(media => media.Name));
                CollectionAssert.Contains(s_mediaTypes, types, $"{method} {path}");
            }
        }
    }

    [TestMethod]
    public void Bounds_AreThoseOfTheirType()
    {
        var numbers = s_description.Calls.SelectMany(call => Description.Parameters(call.Operation))
            .Select(parameter => parameter.GetProperty("schema"))
            .Concat(s_description.Schemas.SelectMany(schema => Fields(schema)).Select(field => field.Value)).ToList();
        Assert.IsGreaterThan(4, numbers.Count(number => number.TryGetProperty("minimum", out _)));
        Assert.IsEmpty(numbers.Where(number => number.TryGetProperty("maximum", out var most) && !most.TryGetInt64(out _)));
    }

    [TestMethod]
    [DataRow("ConversationResponse", "kind", "room direct")]
    [DataRow("MessagePreview", "kind", "text image recalled")]
    [DataRow("MessageResponse", "kind", "text image")]
    [DataRow("ImageResponse", "contentType", "image/png image/jpeg image/gif image/webp")]
    [DataRow("HealthResponse", "status", "live ready")]
    [DataRow("TokenResponse", "tokenType", "Bearer")]
    public void KnownValues_AreListedAndOthersMayCome(string schema, string field, string expected)
    {
        var described = Fields(s_description.Schemas.Single(body => body.Name == schema)).Single(one => one.Name == field).Value;
        var values = described.GetProperty("x-extensible-enum").EnumerateArray().Select(value => value.GetString());
        Assert.AreEqual(expected, string.Join(' ', values));
        Assert.EndsWith("others may come.", described.GetProperty("description").GetString()!);
        Assert.IsFalse(described.TryGetProperty("enum", out _), "A list that allows nothing else");
    }

    [TestMethod]
    public void Null_StandsBesideATypeOnly() => Assert.IsEmpty(s_description.Schemas
        .SelectMany(schema => Fields(schema).Where(field => IsNullable(field) && !field.Value.TryGetProperty("type", out _))
            .Select(field => $"{schema.Name}.{field.Name}")));

    [TestMethod]
    public void Send_IsTriedOutWithoutAClientId()
    {
        var media = s_description.Operation("POST", "/api/conversations/{id}/messages")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        Assert.AreEqual("""{"text":"hello"}""", JsonSerializer.Serialize(media.GetProperty("example")));
    }

    private static bool IsRequest(JsonProperty schema) => schema.Name.EndsWith("Request", StringComparison.Ordinal);

    private static JsonElement.ObjectEnumerator Fields(JsonProperty schema) =>
        schema.Value.GetProperty("properties").EnumerateObject();

    private static bool IsNullable(JsonProperty field) =>
        field.Value.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean();

    private static List<string> RequiredOf(JsonProperty schema) =>
        schema.Value.TryGetProperty("required", out var required)
            ? [.. required.EnumerateArray().Select(name => name.GetString()!)]
            : [];

    private static string Line(string name, IEnumerable<string> fields) =>
        string.Join(' ', fields.Order(StringComparer.Ordinal).Prepend(name));
}
