using System.Collections.Concurrent;
using System.Text.Json;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>
/// What makes a request right, so that it comes as far as the database: who is signed in, which messages are theirs to edit,
/// which pictures theirs to send. Each worker has one of its own.
/// </summary>
public sealed class Footing(SampleImApp app, string name)
{
    private readonly ConcurrentQueue<string> _pictures = new();
    private readonly List<(string Conversation, long Seq)> _messages = [];
    private ApiUser? _user;
    private string _refreshToken = "";
    private string _accessToken = "";
    private int _count;

    public string Username => _user!.Username;

    public string Cookie => _user!.Cookies.GetCookieHeader(app.Address);

    public string AccessToken => _accessToken;

    /// <summary>A new user, where the last one has signed out, changed the password or been locked.</summary>
    public async Task RenewAsync()
    {
        _user = await app.RegisterAsync($"{name}-{++_count}");
        var (program, refreshToken) = await _user.SignInByTokenAsync();
        (_accessToken, _refreshToken) = (program.BearerToken!, refreshToken);
        _messages.Clear();
        _pictures.Clear();
        _messages.Add(("lobby", (await _user.SendAsync("lobby", "first")).Seq));
    }

    /// <summary>Notes what an answer has made.</summary>
    public void Note(FuzzedCall call, RawAnswer answer)
    {
        if (answer.Status != 201 || call.Id is not ("SendMessage" or "UploadImage"))
        {
            return;
        }

        using var made = JsonDocument.Parse(answer.Body);
        if (call.Id == "UploadImage")
        {
            _pictures.Enqueue(made.RootElement.GetProperty("id").GetString()!);
        }
        else
        {
            _messages.Add(
                (made.RootElement.GetProperty("conversation").GetString()!, made.RootElement.GetProperty("seq").GetInt64()));
        }
    }

    /// <summary>Path with right values in it.</summary>
    public string Fill(string path, Random random)
    {
        var (conversation, seq) = random.Next(4) > 0 ? _messages[^1] : ("lobby", random.Next(1, 20));
        return path
            .Replace("{seq}", $"{seq}", StringComparison.Ordinal)
            .Replace("{username}", Username, StringComparison.Ordinal)
            .Replace(
                "{id}",
                path.StartsWith("/media", StringComparison.Ordinal)
                    ? LastPicture()
                    : path.Contains("{seq}", StringComparison.Ordinal)
                    ? conversation
                    : random.Next(2) == 0 ? "lobby" : "@" + Username,
                StringComparison.Ordinal);
    }

    /// <summary>A right value of a field or a parameter as JSON; null where it is best left out.</summary>
    public string? Right(string call, string field, Random random) => field switch
    {
        "username" => call == "Register" ? $"\"{name}-r{++_count}\"" : $"\"{Username}\"",
        "password" or "currentPassword" or "newPassword" => $"\"{ApiUser.FirstPassword}\"",
        "refreshToken" => $"\"{_refreshToken}\"",
        "displayName" => "\"Somebody\"",
        "email" => "\"somebody@example.org\"",
        "bio" => "\"hello\"",
        "text" => $"\"text {random.Next(1000)}\"",
        "clientId" => random.Next(2) == 0 ? null : $"\"{random.Next(1000)}\"",
        "imageId" => random.Next(3) == 0 && _pictures.TryDequeue(out var picture) ? $"\"{picture}\"" : null,
        "seq" => $"{random.Next(1, 20)}",
        "rememberMe" or "token" or "ifSignedIn" => random.Next(2) == 0 ? "true" : "false",
        "limit" => $"{random.Next(1, 101)}",
        // A word that the page before gave, or none.
        "after" when call is "FindUsers" or "GetConversations" => null,
        "after" or "before" => $"{random.Next(1, 20)}",
        "query" => "\"al\"",
        _ => throw new AssertFailedException($"The fuzz run has no value for the field {field} of {call}: give it one."),
    };

    private string LastPicture() => _pictures.TryPeek(out var picture) ? picture : "AAAAAAAAAAAAAAAAAAAAAA";
}
