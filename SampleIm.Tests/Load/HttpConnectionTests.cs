using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using SampleIm.Load.Hosting.Wire;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Load;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class HttpConnectionTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly Asker _asker = new();
    private HttpConnection _connection = null!;
    private Socket _other = null!;

    [TestInitialize]
    public async Task Connect()
    {
        _server.Start();
        _connection = await HttpConnection.OpenAsync(
            (IPEndPoint)_server.LocalEndpoint, _asker, keepsBody: true, CancellationToken.None);
        _other = await _server.AcceptSocketAsync();
        _other.NoDelay = true;
    }

    [TestCleanup]
    public void Close()
    {
        _connection.Dispose();
        _other.Dispose();
        _server.Dispose();
    }

    [TestMethod]
    public async Task Connection_GivesOneAnswerForEachRequest()
    {
        for (var turn = 0; turn < 3; turn++)
        {
            await AskAsync();
            await SayAsync(Answer);
            Assert.AreEqual("200 hello", await _asker.HeardAsync());
        }
    }

    [TestMethod]
    public async Task Answer_ThatComesInPieces_IsGivenWhole()
    {
        await AskAsync();
        foreach (var piece in Answer.Chunk(7))
        {
            await SayAsync(new string(piece));
        }

        Assert.AreEqual("200 hello", await _asker.HeardAsync());
    }

    [TestMethod]
    public async Task Answer_LongerThanTheBuffer_IsGivenWhole()
    {
        var body = new string('x', 100_000);
        await AskAsync();
        await SayAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.AreEqual($"200 {body}", await _asker.HeardAsync());
    }

    [TestMethod]
    public async Task Server_ThatHangsUpWithoutAnAnswer_IsAFault()
    {
        await AskAsync();
        _other.Dispose();
        Assert.AreEqual("closed by the server", await _asker.HeardAsync());
        Assert.IsFalse(_connection.Send("GET / HTTP/1.1\r\n\r\n"u8));
    }

    [TestMethod]
    public async Task Server_ThatHangsUpInTheMiddleOfAnAnswer_IsAFault()
    {
        await AskAsync();
        await SayAsync(Answer[..^1]);
        _other.Dispose();
        Assert.AreEqual("closed by the server", await _asker.HeardAsync());
    }

    [TestMethod]
    public async Task Server_ThatAnnouncesToClose_IsHeardAndThenAFault()
    {
        await AskAsync();
        await SayAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        Assert.AreEqual("200 ", await _asker.HeardAsync());
        Assert.AreEqual("closed by the server", await _asker.HeardAsync());
    }

    [TestMethod]
    public async Task Server_ThatTalksUnasked_IsAFault()
    {
        await SayAsync(Answer);
        Assert.AreEqual("answered unasked", await _asker.HeardAsync());
    }

    [TestMethod]
    [DataRow("nonsense\r\n", "malformed answer")]
    [DataRow(null, "header too long")]
    public async Task Answer_ThatCannotBeRead_IsAFault(string? answer, string fault)
    {
        await AskAsync();
        await SayAsync(answer ?? $"HTTP/1.1 200 OK\r\nLong: {new string('x', 10_000)}");
        Assert.AreEqual(fault, await _asker.HeardAsync());
    }

    private async Task AskAsync()
    {
        Assert.IsTrue(_connection.Send("GET / HTTP/1.1\r\n\r\n"u8));
        Assert.AreEqual(18, await _other.ReceiveAsync(new byte[100]));
    }

    private async Task SayAsync(string text) => await _other.SendAsync(Encoding.ASCII.GetBytes(text));

    private sealed class Asker : IAsker
    {
        private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

        public void OnAnswer(AnswerParser answer) =>
            _heard.Writer.TryWrite($"{answer.Status} {Encoding.ASCII.GetString(answer.Body)}");

        public void OnFault(HttpConnection connection, string kind) => _heard.Writer.TryWrite(kind);

        public Task<string> HeardAsync() => _heard.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
