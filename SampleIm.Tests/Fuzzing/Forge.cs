using System.Globalization;
using System.Text;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>Makes requests out of the description of the API: right ones, and ones that are wrong in a place or three.</summary>
public sealed class Forge
{
    /// <summary>A target that is longer may be too long for the server.</summary>
    private const int LongestTarget = 4000;

    private static readonly string[] s_methods = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X"];

    private static readonly string[] s_oddTargets =
    [
        "*", "/", "//", "/..", "/%", "/%zz", "/%00", "/api/../api/total", "/api/%2e%2e/", "/api//total", "/api/total/",
        "/API/TOTAL", "/api/total;x", "/api/total%20", "/api/total%2F",
        "/api/conversations/lobby/messages/%31", "/api/conversations//messages", "/media/", "/media/%2e%2e%2f", "/index.html",
        "/swagger/v1/swagger.json", "/swagger/x/swagger.json",
        "/swagger/..%2f", "/health/LIVE", "http://elsewhere.example/api/total", "api/total", "/\u00ff\u00fe", "/%ED%A0%80",
        "/%C0%AF", "/api/total?" + "a", "/api/total??&&==", "/?" , "/#",
    ];

    /// <summary>Sizes of chunks that are none, or more than any may have.</summary>
    private static readonly string[] s_oddSizes =
        ["80000000", "7fffffff", "ffffffff", "fffffffffffffffff", "-1", "0x5", "", " 5", "g", "5;" + new string('a', 20_000),
        "00000000000000000005"];

    private readonly List<FuzzedCall> _calls;

    /// <param name="calls">
    /// To choose from: each hash of a password costs as much as fifty other calls, so those that need one come less often.
    /// </param>
    public Forge(IEnumerable<FuzzedCall> calls) => _calls = calls
        .SelectMany(call => Enumerable.Repeat(
            call, call.Id is "Register" or "Login" or "CreateToken" or "ChangePassword" or "Logout" or "Refresh"
                ? 1
                : 4)).ToList();

    public ForgedRequest Make(Footing footing, Random random)
    {
        var call = _calls[random.Next(_calls.Count)];
        var request = new ForgedRequest(call) { Target = footing.Fill(call.Path, random) };
        SignIn(request, footing, random);
        var query = call.Query.Select(name => (Name: name, Value: footing.Right(call.Id, name, random)?.Trim('"')))
            .Where(field => field.Value is not null && random.Next(2) == 0).Select(field => (field.Name, Value: field.Value!))
            .ToList();
        var fields = call.Fields?.Keys.Select(name => (Name: name, Value: footing.Right(call.Id, name, random)))
            .Where(field => field.Value is not null).Select(field => (field.Name, Value: field.Value!)).ToList();
        var faults = random.Next(10) switch { 0 or 1 => 0, < 8 => 1, _ => 3 };
        var kinds = Enumerable.Range(0, faults).Select(_ => random.Next(12)).ToList();

        kinds.ForEach(kind => SpoilContent(kind, request, query, fields, random));
        request.Target += query.Count > 0 ? "?" + string.Join('&', query.Select(field => $"{field.Name}={field.Value}")) : "";
        if (fields is not null)
        {
            request.SetHeader("Content-Type", "application/json");
            request.Body = Encoding.UTF8.GetBytes(JsonForge.Document(fields));
        }
        else if (call.IsUpload)
        {
            FormForge.Put(request, Pictures.Png(3, 2));
        }

        kinds.ForEach(kind => SpoilWhole(kind, request, fields, random));
        NoteWhatItIs(request);
        // One fault may have undone the chunks that another has made.
        request.MayBeNoHttp |= faults > 1 && request.Headers.Exists(header => header.Name == "Transfer-Encoding");
        return request;
    }

    private static void SignIn(ForgedRequest request, Footing footing, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                break;
            case 1:
                request.SetHeader("Authorization", "Bearer " + footing.AccessToken);
                break;
            default:
                request.SetHeader("Cookie", footing.Cookie);
                break;
        }
    }

    private static void SpoilContent(
        int kind, ForgedRequest request, List<(
            string Name, string Value)> query, List<(string Name, string Value)>? fields, Random random)
    {
        switch (kind)
        {
            case 0 or 1 when request.Call.Path.Contains('{', StringComparison.Ordinal):
                SpoilParameter(request, random);
                break;
            case 0 or 1 or 2:
                var name = request.Call.Query.Count > 0 ? request.Call.Query[random.Next(request.Call.Query.Count)] : "unknown";
                query.Add((name, Uri.EscapeDataString(OddTexts.Pick(random))));
                break;
            case 3 or 4 or 5 when fields is { Count: > 0 }:
                var at = random.Next(fields.Count);
                fields[at] = (fields[at].Name, JsonForge.OddValue(random));
                break;
            case 6 when fields is { Count: > 0 }:
                SpoilNames(fields, random);
                break;
        }
    }

    private static void SpoilParameter(ForgedRequest request, Random random)
    {
        var text = OddTexts.Pick(random);
        var odd = (random.Next(3) == 0 ? "@" : "") + Uri.EscapeDataString(text);
        var segments = request.Call.Path.Split('/').Zip(request.Target.Split('/')).ToList();
        var at = segments.FindIndex(segment => segment.First.StartsWith('{'));
        if (random.Next(2) == 0)
        {
            at = segments.FindLastIndex(segment => segment.First.StartsWith('{'));
        }

        request.Target = string.Join('/', segments.Select((segment, index) => index == at ? odd : segment.Second));
        request.MayBeForAnother |= odd is "" or "." or "..";
        request.MayBeNoHttp |= odd.Contains("%00", StringComparison.Ordinal);
    }

    private static void SpoilNames(List<(string Name, string Value)> fields, Random random)
    {
        var at = random.Next(fields.Count);
        switch (random.Next(4))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(at, (fields[at].Name, JsonForge.OddValue(random)));
                break;
            case 2:
                fields[at] = (fields[at].Name.ToUpperInvariant(), fields[at].Value);
                break;
            default:
                fields.Insert(at, ("unknown", JsonForge.OddValue(random)));
                break;
        }
    }

    private static void SpoilWhole(int kind, ForgedRequest request, List<(string Name, string Value)>? fields, Random random)
    {
        switch (kind)
        {
            case 3 or 4 or 5 when request.Call.IsUpload:
                FormForge.PutOdd(request, random);
                break;
            case 7 when fields is not null:
                request.Body = JsonForge.Damage(JsonForge.Document(fields), random);
                break;
            case 8:
                HeaderForge.PutOdd(request, random);
                break;
            case 9 when random.Next(2) == 0:
                HeaderForge.Break(request, random);
                break;
            case 9:
                Chunk(request, random);
                break;
            case 10:
                request.Delivery = (Delivery)random.Next(Enum.GetValues<Delivery>().Length);
                request.CutAt = random.NextDouble();
                break;
            case 11:
                SpoilOutline(request, random);
                break;
        }
    }

    private static void SpoilOutline(ForgedRequest request, Random random)
    {
        request.MayBeForAnother = true;
        switch (random.Next(3))
        {
            case 0:
                request.Method = s_methods[random.Next(s_methods.Length)];
                break;
            case 1:
                request.Target = s_oddTargets[random.Next(s_oddTargets.Length)];
                request.MayBeNoHttp = true;
                break;
            default:
                request.Body = JsonForge.Noise(random);
                break;
        }
    }

    /// <summary>
    /// The body in chunks, as a client sends one whose length it does not know; some of them with a broken chunk.
    /// </summary>
    private static void Chunk(ForgedRequest request, Random random)
    {
        if (request.Body is not { Length: > 0 } body)
        {
            return;
        }

        request.SetHeader("Transfer-Encoding", "chunked");
        var (chunked, size) = (new List<byte>(), random.Next(1, body.Length + 1));
        foreach (var chunk in body.Chunk(Math.Max(size, body.Length / 50)))
        {
            chunked.AddRange(
                Encoding.ASCII.GetBytes(
                    chunk.Length.ToString("x", CultureInfo.InvariantCulture) + (random.Next(9) == 0 ? ";a=b" : "") + "\r\n"));
            chunked.AddRange(chunk);
            chunked.AddRange("\r\n"u8);
        }

        chunked.AddRange("0\r\n\r\n"u8);
        if (random.Next(4) == 0)
        {
            var oddSize = s_oddSizes[random.Next(s_oddSizes.Length)];
            chunked.InsertRange(0, Encoding.ASCII.GetBytes(oddSize + "\r\n"));
            request.MayBeNoHttp = true;
        }
        else if (random.Next(3) == 0)
        {
            chunked[random.Next(chunked.Count)] = (byte)random.Next(256);
            request.MayBeNoHttp = true;
        }

        request.Body = [.. chunked];
    }

    private static void NoteWhatItIs(ForgedRequest request)
    {
        var isBodyless = request.Call is { Fields: null, IsUpload: false };
        // A call that takes no body says nothing of what is wrong with one.
        request.MayBeForAnother |= isBodyless
            && (
                request.Body is not null
                    || request.Headers.Exists(header => header.Name is "Content-Length" or "Transfer-Encoding"));
        request.MayBeNoHttp |= request.Target.Length > LongestTarget
            || request.Headers.Sum(header => header.Value.Length) > 20_000
            || request.Headers.Exists(header => header.Value.Any(letter => letter is < ' ' or > '~'));
    }
}
