namespace SampleIm.Tests.Fuzzing;

/// <summary>Headers that no client of good will sends.</summary>
public static class HeaderForge
{
    /// <summary>What a server has to live with in any header of HTTP.</summary>
    private static readonly (string Name, string[] Values)[] s_odd =
    [
        ("Content-Type", ["", "application/json", "application/json; charset=utf-16", "application/json; charset=utf-7",
            "application/json; charset=utf-32", "application/json; charset=\"utf-8",
            "application/json; charset=x", "application/json;;;", "application/vnd.x+json", "text/json", "text/plain",
            "application/xml", "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x", "*/*", "json", "application/json, text/plain", "application/json; charset=utf-8; "
                + "charset=utf-16", "/", ";", "application/json; q=\0"]),
        ("Content-Encoding", ["gzip", "br", "identity", "x", "gzip, gzip"]),
        ("Accept",
            [
                "", "text/xml", "application/xml;q=1", "*/*;q=0", "image/png", ";", new string('a', 3000),
                "application/json;charset=utf-16",
            ]),
        ("Accept-Charset", ["utf-16", "utf-7", "utf-32, *;q=0", "x", "", ";;"]),
        ("Accept-Encoding",
            ["gzip", "br, gzip", "*;q=0", "identity;q=0", "x", "gzip;q=0,gzip", "GZIP;q=0, br, gzip;q=0.5", "br;q=0.0, *, br",
                "gzip;q =0, gzip", "gzip;q= 0,gzip", "gzip;q\t=0,gzip", "br ; Q = 0.000, br", "*;q =0, *",
                "gzip;q=0.5, gzip", "gzip, gzip"]),
        ("Accept-Language", ["zh-CN", "x-klingon", "*", new string('z', 500)]),
        ("Authorization",
            [
                "Bearer", "Bearer ", "Bearer x", "bearer AAAA", "Basic YTpi", "Bearer " + new string('A', 5000),
                "Bearer CfDJ8AAAA", "", "Bearer \u00ff\u00fe", "Negotiate x",
            ]),
        ("Cookie", ["", "SampleIm=", "SampleIm=x", "SampleIm=chunks-2", "SampleIm=chunks-2147483647",
            "SampleIm=chunks--1; SampleImC1=x", "SampleIm=CfDJ8AAAA", "=;=;=", "SampleIm=\u00ff", "SampleIm=%00",
            "SampleIm=" + new string('A', 9000), "SampleIm=\"CfDJ8\"", "a=b; SampleIm"]),
        ("If-None-Match", ["*", "\"x\"", "W/\"x\"", "x", "\"", "\"a\",\"b\",", new string('"', 999), ""]),
        ("If-Match", ["*", "\"x\"", "x", ""]),
        (
            "If-Modified-Since",
            ["Fri, 20 Nov 2026 10:00:00 GMT", "yesterday", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"]),
        ("If-Unmodified-Since", ["Thu, 01 Jan 1970 00:00:00 GMT", "x"]),
        ("If-Range", ["\"x\"", "x", "Fri, 20 Nov 2026 10:00:00 GMT"]),
        ("Range",
            [
                "bytes=0-0", "bytes=-1", "bytes=0-", "bytes=5-2", "bytes=0-99999999999999999999", "bytes=99-", "bytes=0-1,3-4",
                "bytes=0-0,0-0,0-0,0-0,0-0", "bytes", "lines=1-2", "bytes=-0", "bytes=--1", "",
            ]),
        ("Origin", ["null", "http://elsewhere.example", "http://[", "x", "http://127.0.0.1"]),
        ("Sec-Fetch-Site", ["cross-site", "same-site", "none", "same-origin", "", "x"]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("X-Forwarded-For", ["127.0.0.1", "x", new string(',', 500)]),
        ("X-Forwarded-Proto", ["https", "x"]),
        ("X-Original-URL", ["/api/total"]),
        ("Forwarded", ["for=127.0.0.1;host=x"]),
        ("Upgrade", ["websocket", "h2c", "TLS/1.0"]),
        ("HTTP2-Settings", ["AAMAAABkAAQCAAAAAAIAAAAA"]),
        ("Traceparent", ["00-0-0-0", "x"]),
        ("Baggage", [new string('a', 3000), "=,;"]),
        ("Expect", ["100-continue"]),
    ];

    /// <summary>What may be no HTTP any more.</summary>
    private static readonly (string Name, string[] Values)[] s_broken =
    [
        ("Host", ["", "x", "a b", "127.0.0.1:99999", "[::", "elsewhere.example", "\u00ff"]),
        ("Content-Length", ["-1", "x", "", "99999999999999999999", "1, 2", "0x10", "0", "1000000000"]),
        ("Transfer-Encoding", ["chunked", "gzip, chunked", "identity", "x", "chunked, chunked", "Chunked"]),
        ("Connection", ["close", "upgrade", "x", "close, keep-alive", "Cookie"]),
        ("Expect", ["x", "200-ok"]),
        ("X Y", ["z"]),
        ("X-Line", ["a\r\n folded", "a\nb", "a\rb", "\u00ff\u0080", "\u0001", "a\0b"]),
        ("X-Long", [new string('x', 40_000), new string('x', 8_190)]),
        ("", ["empty"]),
        (":authority", ["x"]),
    ];

    public static void PutOdd(ForgedRequest request, Random random) => Put(request, s_odd, random);

    public static void Break(ForgedRequest request, Random random)
    {
        request.MayBeNoHttp = true;
        if (random.Next(6) == 0)
        {
            request.Headers.AddRange(Enumerable.Range(0, random.Next(150)).Select(index => ($"X-{index}", "y")));
            return;
        }

        if (random.Next(6) == 0 && request.Headers.Count > 0)
        {
            request.Headers.Add(request.Headers[random.Next(request.Headers.Count)]);
            return;
        }

        Put(request, s_broken, random);
    }

    private static void Put(ForgedRequest request, (string Name, string[] Values)[] from, Random random)
    {
        var (name, values) = from[random.Next(from.Length)];
        request.SetHeader(name, values[random.Next(values.Length)]);
    }
}
