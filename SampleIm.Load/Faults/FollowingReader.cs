using System.Diagnostics;
using System.Text.Json;
using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Faults;

/// <summary>
/// Somebody whose page follows everything all the while: it polls total with its ETag, and where that tells of something new it
/// reads on from its own cursor. It is held against two promises at each step: what was acknowledged before a poll is told by it,
/// and what is told is brought.
/// </summary>
public sealed class FollowingReader : IDisposable
{
    private const int Page = 200;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly FaultScene _scene;
    private readonly int _user;
    private readonly ServerLine _line;
    private readonly Dictionary<string, Place> _names;
    private readonly Dictionary<Place, FollowedPlace> _followed = [];
    private string _etag = "";

    public FollowingReader(FaultScene scene, int user)
    {
        (_scene, _user, _line) = (scene, user, new ServerLine(scene.Server, scene.Accounts[user]));
        _names = Enumerable.Range(0, scene.Accounts.Count).Where(peer => peer != user).Select(peer => Place.Between(user, peer))
            .Append(Place.Lobby).ToDictionary(place => place.NameFor(user, scene.Accounts));
    }

    public int User => _user;

    /// <summary>Every message that it got, by conversation, in the order in which they came.</summary>
    public IReadOnlyDictionary<Place, FollowedPlace> Followed => _followed;

    /// <summary>Follows until the senders have ended and everything that was acknowledged is here.</summary>
    public async Task RunAsync(Task senders, CancellationToken cancel)
    {
        for (long? endedAt = null; ;)
        {
            var haveEnded = senders.IsCompleted;
            var marks = _scene.Acknowledged.MarksOf(_user);
            var heard = await PollAsync(marks, cancel) && await ReadToldAsync(cancel);
            if (haveEnded)
            {
                endedAt ??= Stopwatch.GetTimestamp();
                if (heard && marks.All(mark => Following(mark.Key).LastSeq >= mark.Value))
                {
                    return;
                }

                if (Stopwatch.GetElapsedTime(endedAt.Value) > s_patience)
                {
                    Find("did not hear of everything within 60 s after the end");
                    return;
                }
            }

            await Task.Delay(s_pause, cancel);
        }
    }

    public void Dispose() => _line.Dispose();

    /// <summary>True where it was answered.</summary>
    private async Task<bool> PollAsync(Dictionary<Place, long> marks, CancellationToken cancel)
    {
        var answer = await _line.GetAsync("/api/total", cancel, _etag);
        switch (answer.Status)
        {
            case 200:
                _etag = answer.ETag;
                NoteHeads(answer.Body);
                break;
            case 304 when _etag.Length > 0:
                break;
            case 0 or 503:
                return false;
            default:
                Find($"was refused a poll: {answer.Status}");
                return false;
        }

        _scene.Reads.CountPoll(answer.Status == 304);
        foreach (var (place, mark) in marks)
        {
            if (Following(place).Head.LastSeq < mark)
            {
                Find(
                    $"{place}: a poll ({answer.Status}) told of {Following(place).Head.LastSeq}, and {mark} had been "
                    + "acknowledged before it");
            }
        }

        return true;
    }

    private void NoteHeads(byte[] total)
    {
        using var json = JsonDocument.Parse(total);
        var missing = _followed.Where(followed => followed.Value.Head.LastSeq > 0).Select(followed => followed.Key).ToHashSet();
        foreach (var conversation in json.RootElement.GetProperty("conversations").EnumerateArray())
        {
            if (!_names.TryGetValue(conversation.GetProperty("id").GetString()!, out var place))
            {
                continue;
            }

            missing.Remove(place);
            var followed = Following(place);
            var head = new ConversationMark(
                conversation.GetProperty("lastSeq").GetInt64(), conversation.GetProperty("version").GetInt64());
            if (head.LastSeq < followed.Head.LastSeq || head.Version < followed.Head.Version)
            {
                Find($"{place}: a poll went back from {followed.Head.LastSeq} to {head.LastSeq}");
            }

            followed.Head = head;
        }

        foreach (var place in missing)
        {
            Find($"{place}: is missing in a poll, and was there before");
        }
    }

    /// <summary>Reads everything that the last poll told of. True where it was all answered.</summary>
    private async Task<bool> ReadToldAsync(CancellationToken cancel)
    {
        foreach (var (place, followed) in _followed)
        {
            if (followed.Head.Version > followed.Cursor && !await ReadAsync(place, followed, cancel))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> ReadAsync(Place place, FollowedPlace followed, CancellationToken cancel)
    {
        for (var hasMore = true; hasMore;)
        {
            var answer = await _line.GetAsync(
                $"/api/conversations/{followed.Name}/messages/new?after={followed.Cursor}&limit={Page}", cancel);
            if (answer.Status != 200)
            {
                if (answer.Status is not (0 or 503))
                {
                    Find($"{place}: was refused messages: {answer.Status}");
                }

                return false;
            }

            using var page = JsonDocument.Parse(answer.Body);
            var before = followed.Cursor;
            foreach (var message in page.RootElement.GetProperty("messages").EnumerateArray())
            {
                Note(place, followed, message);
            }

            if (page.RootElement.GetProperty("version").GetInt64() is var version && version != followed.Cursor)
            {
                Find($"{place}: a page ended with version {followed.Cursor} and said {version}");
            }

            hasMore = page.RootElement.GetProperty("hasMore").GetBoolean();
            if (hasMore && followed.Cursor == before)
            {
                Find($"{place}: an empty page after {before} said that there was more");
                return false;
            }
        }

        if (followed.Cursor < followed.Head.Version)
        {
            Find($"{place}: a poll told of version {followed.Head.Version}, and reading brought {followed.Cursor}");
        }

        return true;
    }

    private void Note(Place place, FollowedPlace followed, JsonElement message)
    {
        var seen = new SeenMessage(message.GetProperty("seq").GetInt64(), message.GetProperty("text").GetString());
        var version = message.GetProperty("version").GetInt64();
        if (version != followed.Cursor + 1)
        {
            // Nobody edits or recalls here, so each message is one version.
            Find($"{place}: {seen.Seq} came with version {version} after version {followed.Cursor}");
        }

        (followed.Cursor, followed.LastSeq) = (version, seen.Seq);
        _scene.Reads.CountMessage();
        if (SentMessage.TryRead(_scene.Run, seen, out var sent))
        {
            followed.Seen.Add(sent);
        }
        else
        {
            Find($"{place}: {seen.Seq} is '{seen.Text}', which nobody sent");
        }
    }

    private FollowedPlace Following(Place place)
    {
        if (!_followed.TryGetValue(place, out var followed))
        {
            _followed[place] = followed = new FollowedPlace(place.NameFor(_user, _scene.Accounts), _scene.Before(place));
        }

        return followed;
    }

    private void Find(string fault) => _scene.Findings.Add($"reader {_user}: {fault}");
}
