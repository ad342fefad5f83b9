using System.Text;
using SampleIm.Load.Hosting.Wire;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class AnswerParserTests
{
    private const string Unchanged = "HTTP/1.1 304 Not Modified\r\nDate: now\r\netag: \"abc\"\r\nX-Poll-Interval: 2.5\r\n\r\n";
    private const string Whole = "HTTP/1.1 200 OK\r\nETag: \"abc\"\r\nContent-Length: 5\r\n\r\nhello";
    private const string Chunked =
        "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n";

    [TestMethod]
    public void Answer_WithoutABody_IsWholeAtTheEndOfItsHead()
    {
        var parser = Read(Unchanged);
        Assert.IsTrue(parser.IsComplete);
        Assert.AreEqual(304, parser.Status);
        Assert.AreEqual("\"abc\"", Encoding.ASCII.GetString(parser.ETag));
        Assert.AreEqual(2.5, parser.PollIntervalS);
        Assert.AreEqual(Unchanged.Length, parser.Length);
    }

    [TestMethod]
    [DataRow(Unchanged, 304, "")]
    [DataRow(Whole, 200, "hello")]
    [DataRow(Chunked, 503, "hello")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "")]
    [DataRow("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx", 201, "x")]
    public void Answer_ThatComesInPieces_IsReadAsWhole(string answer, int status, string body)
    {
        for (var size = 1; size <= answer.Length; size++)
        {
            var parser = Read(answer, size);
            Assert.IsTrue(parser.IsComplete, $"pieces of {size}");
            Assert.AreEqual(status, parser.Status);
            Assert.AreEqual(body, Encoding.ASCII.GetString(parser.Body));
            Assert.AreEqual(answer.Length, parser.Length);
        }
    }

    [TestMethod]
    public void Answer_AfterAnother_KnowsNothingOfIt()
    {
        var parser = new AnswerParser(keepsBody: true);
        var both = Encoding.ASCII.GetBytes(Whole + "HTTP/1.1 204 No Content\r\n\r\n");
        var first = parser.Read(both);
        Assert.AreEqual(Whole.Length, first);
        parser.Reset();
        Assert.AreEqual(both.Length, first + parser.Read(both.AsSpan(first)));
        Assert.IsTrue(parser.IsComplete);
        Assert.AreEqual(204, parser.Status);
        Assert.IsTrue(parser.ETag.IsEmpty);
        Assert.IsTrue(parser.Body.IsEmpty);
    }

    [TestMethod]
    public void Answer_ThatEndsTheConnection_SaysSo() =>
        Assert.IsTrue(Read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").Closes);

    [TestMethod]
    [DataRow("SSH-2.0 hello\r\n")]
    [DataRow("HTTP/1.1 abc\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: many\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nno colon\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\n\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [DataRow("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n")]
    public void Answer_ThatIsNone_IsRefused(string answer) => Assert.ThrowsExactly<MalformedAnswerException>(() => Read(answer));

    private static AnswerParser Read(string answer, int size = int.MaxValue)
    {
        var parser = new AnswerParser(keepsBody: true);
        var bytes = Encoding.ASCII.GetBytes(answer);
        var read = 0;
        for (var come = 0; come < bytes.Length && !parser.IsComplete;)
        {
            come = (int)Math.Min(bytes.Length, (long)come + size);
            read += parser.Read(bytes.AsSpan(read, come - read));
        }

        return parser;
    }
}
