using System.Text;
using System.Text.RegularExpressions;

namespace SampleIm.Tests.Fuzzing;

/// <summary>How a request comes over the wire.</summary>
public enum Delivery
{
    Whole,

    /// <summary>In pieces, with a moment between them.</summary>
    Dripped,

    /// <summary>Twice in one piece, before the first answer is read.</summary>
    Pipelined,

    /// <summary>Only the first part; then the client says that no more will come.</summary>
    CutAndFinished,

    /// <summary>Only the first part; then the client is gone.</summary>
    CutAndReset,
}

/// <summary>A request that is being made, from one that is right to one that is wrong in a few places.</summary>
public sealed class ForgedRequest(FuzzedCall call)
{
    public FuzzedCall Call { get; } = call;

    public string Method { get; set; } = call.Method;

    /// <summary>Path and query as they are sent.</summary>
    public string Target { get; set; } = call.Path;

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[]? Body { get; set; }

    public Delivery Delivery { get; set; }

    /// <summary>How much of it is sent where it is cut, from 0 to 1.</summary>
    public double CutAt { get; set; }

    /// <summary>It may be no HTTP to the server, which then refuses it before any call is looked for.</summary>
    public bool MayBeNoHttp { get; set; }

    /// <summary>It may be a request for another call than the one that it was made from, or for none.</summary>
    public bool MayBeForAnother { get; set; }

    public string Path => Target.Split('?')[0];

    public bool IsCut => Delivery is Delivery.CutAndFinished or Delivery.CutAndReset;

    public void SetHeader(string name, string value)
    {
        Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        Headers.Add((name, value));
    }

    public byte[] ToBytes(string host)
    {
        var lines = new List<string> { $"{Method} {Target} HTTP/1.1" };
        if (!Has("Host"))
        {
            lines.Add($"Host: {host}");
        }

        lines.AddRange(Headers.Select(header => $"{header.Name}: {header.Value}"));
        if (Body is not null && !Has("Content-Length") && !Has("Transfer-Encoding"))
        {
            lines.Add($"Content-Length: {Body.Length}");
        }

        // Latin-1: a header can hold any byte.
        return [.. Encoding.Latin1.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), .. Body ?? []];
    }

    /// <summary>Whether it has this header with this value.</summary>
    public bool Carries(string header, string value) => Headers.Contains((header, value));

    public override string ToString()
    {
        // What signs in is as good as any other, and long.
        var text = Regex.Replace(Encoding.Latin1.GetString(ToBytes("host")), "CfDJ8[\\w-]{100,}", "…");
        return $"[{Call.Id}, {Delivery}] {text[..Math.Min(text.Length, 1500)]}";
    }

    private bool Has(string header) => Headers.Exists(other => other.Name.Equals(header, StringComparison.OrdinalIgnoreCase));
}
