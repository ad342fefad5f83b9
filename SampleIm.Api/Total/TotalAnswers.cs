using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using SampleIm.Api.Accounts;
using SampleIm.Api.Presence;

namespace SampleIm.Api.Total;

/// <summary>What an answer was made from: where nothing of it has moved, the answer is the same.</summary>
public readonly record struct TotalStamp(long View, long Online, long Names);

/// <summary>An answer to the poll, ready to be sent again.</summary>
/// <param name="Stamp">What it was made from.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="ETag">Digest of the body: equal content has an equal tag, also after a restart and from another server.</param>
public sealed record RenderedTotal(TotalStamp Stamp, byte[] Body, string ETag);

/// <summary>
/// Renders answers to the poll. What is the same for everybody, the online list and the last messages, is rendered once a
/// change and not once a user; what nothing has happened to is not rendered at all.
/// </summary>
public sealed class TotalAnswers(OnlineList online, KnownUsers known, IOptions<JsonOptions> json)
{
    private const int UsualBytes = 4096;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? t_writer;

    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;
    private RenderedOnline _online = new(-1, -1, []);

    /// <summary>What the user sees now; null where the view has to be loaded first.</summary>
    public RenderedTotal? Answer(KnownUser caller, UserView view)
    {
        // Versions before content: what changes in between shows in the body now, and in the stamp next time.
        var names = known.Version;
        if (view.Version is not { } version)
        {
            return null;
        }

        var list = online.Look();
        var stamp = new TotalStamp(version, list.Version, names);
        if (view.Rendered is { } answer && answer.Stamp == stamp)
        {
            return answer;
        }

        return view.Read() is { } state ? view.Rendered = Render(stamp with { View = state.Version }, caller, list, state) : null;
    }

    private RenderedTotal Render(TotalStamp stamp, KnownUser caller, OnlineSnapshot list, ViewState state)
    {
        var (buffer, writer) = t_writer ??= MakeWriter();
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteString("me", caller.Username);
        writer.WritePropertyName("online");
        writer.WriteRawValue(OnlineJson(list, stamp.Names), skipInputValidation: true);
        writer.WriteBoolean("onlineFull", list.IsFull);
        writer.WriteStartArray("conversations");
        foreach (var entry in ConversationOrder.LatestFirst(state.Entries))
        {
            Write(writer, entry, stamp.Names);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        var body = buffer.WrittenSpan.ToArray();
        return new RenderedTotal(stamp, body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
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
            rendered = new(list.Version, names, JsonSerializer.SerializeToUtf8Bytes(list.Users.Select(UserSummary.Of).ToList(), _json));
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
