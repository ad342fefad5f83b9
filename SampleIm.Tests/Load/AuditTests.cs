using SampleIm.Load.Chat.Auditing;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Load;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class AuditTests
{
    private const string Run = "run";

    [TestMethod]
    public void Audit_OfWhatWasAcknowledged_IsClean() =>
        Assert.IsEmpty(Read([(8, 0, 1), (9, 1, 1)], (8, "run-0-1"), (9, "run-1-1")));

    [TestMethod]
    public void Audit_OfAMessageThatWasNotAcknowledgedAndIsThere_IsClean() =>
        Assert.IsEmpty(Read([(8, 0, 1)], (8, "run-0-1"), (9, "run-0-2"), (10, "somebody else's")));

    [TestMethod]
    public void Audit_FindsALostMessage()
    {
        CollectionAssert.Contains(Read([(8, 0, 1), (9, 0, 2)], (8, "run-0-1")), "9 was acknowledged and is not there");
    }

    [TestMethod]
    public void Audit_FindsAGap() => CollectionAssert.Contains(Read([], (8, "a"), (10, "b")), "10 came after 8");

    [TestMethod]
    public void Audit_FindsAGapBeforeTheFirstMessage() => CollectionAssert.Contains(Read([], (9, "a")), "9 came after 7");

    [TestMethod]
    public void Audit_FindsAMessageThatCameTwice() =>
        CollectionAssert.Contains(Read([(8, 0, 1)], (8, "run-0-1"), (8, "run-0-1")), "8 came twice");

    [TestMethod]
    public void Audit_FindsAMessageUnderTwoNumbers() =>
        CollectionAssert.Contains(Read([(8, 0, 1)], (8, "run-0-1"), (9, "run-0-1")), "9 repeats 'run-0-1'");

    [TestMethod]
    public void Audit_FindsANumberThatWasAcknowledgedTwice() =>
        CollectionAssert.Contains(
            Read([(8, 0, 1), (8, 1, 1)], (8, "run-0-1")), "8 was acknowledged for 'run-0-1' and for 'run-1-1'");

    [TestMethod]
    public void Audit_FindsMessagesOutOfOrder() =>
        CollectionAssert.AreEqual(
            new[] { "9 came after 7", "8 came after 9" }, Read([(8, 0, 1), (9, 0, 2)], (9, "run-0-2"), (8, "run-0-1")));

    [TestMethod]
    [DataRow("run-0-2")]
    [DataRow("another")]
    [DataRow(null)]
    public void Audit_FindsAWrongText(string? text) =>
        CollectionAssert.Contains(Read([(8, 0, 1)], (8, text)), $"8 has the text '{text}', acknowledged was 'run-0-1'");

    [TestMethod]
    public void Audit_NamesTenFaultsAndCountsTheRest()
    {
        var faults = Read([.. Enumerable.Range(8, 15).Select(seq => ((long)seq, 0, seq))]);
        Assert.HasCount(11, faults);
        Assert.AreEqual("and 5 more", faults[^1]);
    }

    private static string[] Read((long Seq, int Sender, int Number)[] acknowledged, params (long Seq, string? Text)[] got)
    {
        var audit = new Audit(
            Run, acknowledged.Select(message => new SentMessage(message.Seq, message.Sender, message.Number)), lastSeq: 7);
        foreach (var (seq, text) in got)
        {
            audit.Read(new SeenMessage(seq, text));
        }

        return [.. audit.Finish()];
    }
}
