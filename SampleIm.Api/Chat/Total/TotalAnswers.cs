using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Hosting.Logging;
using SampleIm.Api.Hosting.Server;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.People.Presence;

namespace SampleIm.Api.Chat.Total;

/// <summary>
/// Renders answers to the poll. What is the same for everybody, the online list and the last messages, is rendered once a
/// change and not once a user; what nothing has happened to is not rendered at all.
/// </summary>
public sealed class TotalAnswers(OnlineList online, KnownUsers known, PollPace pace, IOptions<JsonOptions> json)
{
    private const int UsualBytes = 4096;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? t_writer;

    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;
    private RenderedOnline _online = new(-1, -1, []);

    /// <summary>
    /// Answers with what the user sees now. False where the view has to be loaded first; then nothing is answered.
    /// </summary>
    public bool TryAnswer(HttpContext context, KnownUser caller, UserView view)
    {
        // Versions before content: what changes in between shows in the body now, and in the stamp next time.
        var names = known.Version;
        if (view.Version is not { } version)
        {
            return false;
        }

        var list = online.Look();
        var stamp = new ViewStamp(version, list.Version, names);
        var last = view.Rendered;
        var isCurrent = last.Stamp == stamp;
        var knownTag = isCurrent ? KnownTag(context, last) : null;
        if (isCurrent && (knownTag is not null || last.Body is not null))
        {
            Write(context, last, knownTag, last.Body);
            return true;
        }

        if (view.Read() is not { } state)
        {
            return false;
        }

        var body = Render(names, caller, list, state);
        stamp = stamp with { View = state.Version };
        var answer = new RenderedView(stamp, DigestOf(body), isCurrent ? body.ToArray() : null);
        view.Rendered = answer;
        Write(context, answer, KnownTag(context, answer), body);
        return true;
    }

    private static UInt128 DigestOf(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private void Write(HttpContext context, in RenderedView answer, string? knownTag, ReadOnlySpan<byte> body)
    {
        var response = context.Response;
        response.Headers.ETag = knownTag ?? answer.ETag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers["X-Poll-Interval"] = pace.Header;
        if (knownTag is not null)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        // Not on a 304: there are so many that an id's text for each would be most of what polls allocate.
        response.Headers[RequestLog.IdHeader] = context.TraceIdentifier;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        // Kestrel sends it when the request ends.
        response.BodyWriter.Write(body);
    }

    /// <summary>
    /// The answer's tag where the request says that it has the answer, else null. Makes no text in the usual case: it has the
    /// request's.
    /// </summary>
    private static string? KnownTag(HttpContext context, in RenderedView answer)
    {
        var given = context.Request.Headers.IfNoneMatch;
        return given switch
        {
            [] => null,
            [var tag] when answer.IsTagged(tag) => tag,
            [var tag] when RenderedView.IsTag(tag) => null,
            _ => AmongSeveral(given, answer.ETag),
        };
    }

    private static string? AmongSeveral(StringValues given, string etag) =>
        EntityTags.AnyIs(given, etag) ? etag : null;

    /// <summary>Valid until the next one on this thread.</summary>
    private ReadOnlySpan<byte> Render(long names, KnownUser caller, OnlineSnapshot list, ViewState state)
    {
        var (buffer, writer) = t_writer ??= MakeWriter();
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteString("me", caller.Username);
        writer.WritePropertyName("online");
        writer.WriteRawValue(OnlineJson(list, names), skipInputValidation: true);
        writer.WriteBoolean("onlineFull", list.IsFull);
        writer.WriteStartArray("conversations");
        foreach (var entry in ConversationOrder.LatestFirst(state.Entries))
        {
            Write(writer, entry, names);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }

    private void Write(Utf8JsonWriter writer, ViewEntry entry, long names)
    {
        var head = entry.Head.State;
        writer.WriteStartObject();
        writer.WriteString("id", entry.Name);
        writer.WriteString("kind", entry.Kind);
        writer.WriteString("title", entry.Title);
        writer.WriteNumber("lastSeq", head.LastSeq);
        writer.WriteNumber("version", head.Version);
        writer.WriteNumber("readSeq", entry.ReadSeq);
        writer.WriteNumber("unread", entry.UnreadOf(head));
        writer.WritePropertyName("lastMessage");
        if (head.Last is { } last)
        {
            writer.WriteRawValue(entry.Head.PreviewJson(last, names, _json), skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    }

    private byte[] OnlineJson(OnlineSnapshot list, long names)
    {
        var rendered = Volatile.Read(ref _online);
        if (rendered.List != list.Version || rendered.Names != names)
        {
            rendered = new(
                list.Version, names, JsonSerializer.SerializeToUtf8Bytes(list.Users.Select(UserSummary.Of).ToList(), _json));
            Volatile.Write(ref _online, rendered);
        }

        return rendered.Json;
    }

    private (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) MakeWriter()
    {
        var buffer = new ArrayBufferWriter<byte>(UsualBytes);
        // It writes what the serialiser would, by the same rules; a test compares them.
        return (buffer, new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = _json.Encoder, SkipValidation = true }));
    }

    private sealed record RenderedOnline(long List, long Names, byte[] Json);
}
