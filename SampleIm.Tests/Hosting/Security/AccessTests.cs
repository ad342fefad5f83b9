using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Api.Hosting.OpenApi;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Security;

/// <summary>
/// Who may make which call. A route without a row fails, and a row without a route. Conversations stand for a room in which
/// the member and the sender are; the stranger is signed in and not in it, and neither is the administrator: what the last
/// column allows is allowed by the office alone.
/// </summary>
[TestClass]
public sealed class AccessTests
{
    private const string Files = "the page's files";
    private const string Swagger = "Swagger's pages";
    private const string Room = "closed";

    /// <summary>By caller the status, or the end of the code of a refusal.</summary>
    private const string Table = """
        call                                               | anonymous      | stranger  | member | sender | administrator
        GET the page's files                               | 200            | 200       | 200    | 200    | 200
        HEAD the page's files                              | 200            | 200       | 200    | 200    | 200
        GET Swagger's pages                                | 200            | 200       | 200    | 200    | 200
        GET /health/live                                   | 200            | 200       | 200    | 200    | 200
        GET /health/ready                                  | 200            | 200       | 200    | 200    | 200
        GET /metrics                      | signInRequired | notAdministrator | notAdministrator | notAdministrator | 200
        POST /api/account/register                         | 201            | 201       | 201    | 201    | 201
        POST /api/account/login                            | 200            | 200       | 200    | 200    | 200
        POST /api/account/token                            | 200            | 200       | 200    | 200    | 200
        POST /api/account/refresh                          | 200            | 200       | 200    | 200    | 200
        POST /api/account/logout                           | signInRequired | 204       | 204    | 204    | 204
        GET /api/account                                   | signInRequired | 200       | 200    | 200    | 200
        PATCH /api/account                                 | signInRequired | 200       | 200    | 200    | 200
        POST /api/account/password                         | signInRequired | 204       | 204    | 204    | 204
        GET /api/users                                     | signInRequired | 200       | 200    | 200    | 200
        GET /api/users/{username}                          | signInRequired | 200       | 200    | 200    | 200
        GET /api/limits                                    | signInRequired | 200       | 200    | 200    | 200
        GET /api/total                                     | signInRequired | 200       | 200    | 200    | 200
        GET /api/conversations                             | signInRequired | 200       | 200    | 200    | 200
        GET /api/conversations/{id}                        | signInRequired | notMember | 200    | 200    | notMember
        PUT /api/conversations/{id}/read                   | signInRequired | notMember | 204    | 204    | notMember
        GET /api/conversations/{id}/messages/new           | signInRequired | notMember | 200    | 200    | notMember
        GET /api/conversations/{id}/messages/history       | signInRequired | notMember | 200    | 200    | notMember
        GET /api/conversations/{id}/messages/{seq}         | signInRequired | notMember | 200    | 200    | notMember
        POST /api/conversations/{id}/messages              | signInRequired | notMember | 201    | 201    | notMember
        PATCH /api/conversations/{id}/messages/{seq}       | signInRequired | notMember | notOwn | 200    | notMember
        DELETE /api/conversations/{id}/messages/{seq}      | signInRequired | notMember | notOwn | 204    | 204
        POST /api/images                                   | signInRequired | 201       | 201    | 201    | 201
        GET /media/{id}                                    | signInRequired | 200       | 200    | 200    | 200
        """;

    private const string Doors = "/ /swagger/index.html /swagger/v1/swagger.json";

    private static SampleImApp s_app = null!;
    private static ApiUser[] s_callers = null!;
    private static ApiUser s_sender = null!;
    private static int s_count;

    public static IEnumerable<object[]> Rows => Table.Split('\n').Skip(1)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => new object[] { cells[0], string.Join(' ', cells[1..]) });

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp(new() { ["Admin:Users:0"] = "administrator" });
        s_callers = [
            s_app.Anonymous(), await s_app.RegisterAsync("stranger"), await s_app.RegisterAsync("member"),
            s_sender = await s_app.RegisterAsync("sender"), await s_app.RegisterAsync("administrator")];
        await s_app.AddRoomAsync(Room, s_callers[2], s_sender);
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public void EveryRoute_HasARow_AndEveryRowARoute() => CollectionAssert.AreEquivalent(
        Rows.Select(row => (string)row[0]).ToArray(), Routes().Distinct().ToArray());

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public async Task Call_IsForThoseOfItsRow(string call, string cells)
    {
        foreach (var (caller, cell) in s_callers.Zip(cells.Split(' ')))
        {
            var (status, code) = int.TryParse(cell, out var success)
                ? (success, null)
                : (ProblemCodes.All.Single(kind => kind.Code.EndsWith("." + cell, StringComparison.Ordinal)).Status, cell);
            var answer = await MakeAsync(call, await AgainAsync(caller, call));
            Assert.AreEqual(
                (status, code), (answer.Status, answer.Code?.Split('.')[1]), $"{call} by '{caller.Username}': {answer.Body}");
        }
    }

    [TestMethod]
    public async Task Doors_AreOpen()
    {
        foreach (var path in Doors.Split(' '))
        {
            foreach (var caller in s_callers)
            {
                (await caller.GetAsync(path)).ShouldBe(200);
            }
        }
    }

    [TestMethod]
    public async Task File_OfThePage_IsThereForEverybody()
    {
        var paths = s_app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(IsFile).Select(endpoint => endpoint.RoutePattern.RawText!).Distinct().ToList();
        Assert.IsGreaterThan(20, paths.Count);
        foreach (var path in paths)
        {
            (await s_app.Anonymous().AskAsync(HttpMethod.Head, "/" + path, null)).ShouldBe(200);
        }
    }

    [TestMethod]
    public async Task Path_ThatIsNoRoute_IsClosedToTheAnonymous()
    {
        foreach (var path in new[]
            {
                "/metrics", "/api/", "/api/admin", "/media/", "/.git/config", "/appsettings.json", "/data/sampleim.db",
            })
        {
            (await s_app.Anonymous().GetAsync(path)).ShouldBe(401, "account.signInRequired");
        }
    }

    private static IEnumerable<string> Routes() =>
        s_app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any method"];
        // Anyone who may GET may HEAD: it is the same call.
        return methods.Where(method => IsFile(endpoint) || method != "HEAD" || !methods.Contains("GET"))
            .Select(method => $"{method} {NameOf(endpoint)}");
    });

    private static string NameOf(RouteEndpoint endpoint) => endpoint switch
    {
        _ when IsFile(endpoint) => Files,
        _ when endpoint.Metadata.GetMetadata<SwaggerPageAttribute>() is not null => Swagger,
        _ => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
    };

    private static bool IsFile(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    /// <summary>
    /// The same session in a jar of its own, for a sign-in changes the jar; another one where the call ends it.
    /// </summary>
    private static async Task<ApiUser> AgainAsync(ApiUser caller, string call)
    {
        if (call.EndsWith("logout", StringComparison.Ordinal) && caller.Username != "")
        {
            return await caller.SignInElsewhereAsync();
        }

        var again = new ApiUser(s_app, caller.Username);
        again.Cookies.Add(caller.Cookies.GetAllCookies());
        return again;
    }

    /// <summary>The call as anyone who may make it would make it.</summary>
    private static async Task<Answer> MakeAsync(string call, ApiUser caller)
    {
        var (verb, path) = (call.Split(' ')[0], call.Split(' ', 2)[1]);
        path = path switch
        {
            Files => "/favicon.svg",
            Swagger => "/swagger/swagger-ui.css",
            "/media/{id}" => await SendPictureAsync(),
            _ =>
                path.Replace("{username}", s_sender.Username, StringComparison.Ordinal)
                    .Replace("{id}", Room, StringComparison.Ordinal),
        };
        if (path.Contains("{seq}", StringComparison.Ordinal))
        {
            path = path.Replace("{seq}", $"{(await s_sender.SendAsync(Room, "mine")).Seq}", StringComparison.Ordinal);
        }

        if (path == "/api/images")
        {
            return await caller.UploadAsync(Pictures.Png(3, 2));
        }

        var method = new HttpMethod(verb);
        return await caller.AskAsync(
            method, path,
            await BodyAsync(call) is { } body
                ? System.Net.Http.Json.JsonContent.Create(body, body.GetType(), options: Answer.Json)
                : null);
    }

    private static async Task<object?> BodyAsync(string call) => call.Split('/')[^1] switch
    {
        "register" => new { username = $"guest{++s_count}", password = ApiUser.FirstPassword },
        "login" or "token" => new { username = "sender", password = ApiUser.FirstPassword },
        "refresh" => new { refreshToken = (await s_sender.SignInByTokenAsync()).RefreshToken },
        "account" when call.StartsWith("PATCH", StringComparison.Ordinal) => new { bio = "hello" },
        "password" => new { currentPassword = ApiUser.FirstPassword, newPassword = ApiUser.FirstPassword },
        "read" => new { seq = 1 },
        "messages" => new { text = "hello" },
        "{seq}" when call.StartsWith("PATCH", StringComparison.Ordinal) => new { text = "better" },
        _ => null,
    };

    private static async Task<string> SendPictureAsync()
    {
        var image = await s_sender.UploadPictureAsync();
        (await s_sender.PostAsync($"/api/conversations/{Room}/messages", new { imageId = image.Id })).ShouldBe(201);
        return image.Url;
    }
}
