using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.Faults;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Load;

/// <summary>Faults are planted into what was acknowledged and what was read, and the audit has to find each.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class FaultAuditTests
{
    private const string Run = "run";

    [TestMethod]
    public void Reading_OfWhatWasAcknowledged_IsClean() => Assert.IsEmpty(Read(new(8, 0, 1), new(9, 1, 1), new(10, 0, 2)));

    [TestMethod]
    public void Reading_ThatMissedTheLastMessage_IsFound() =>
        CollectionAssert.Contains(Read(new(8, 0, 1), new(9, 1, 1)), "10 was acknowledged and is not there");

    [TestMethod]
    public void Reading_ThatMissedOneInTheMiddle_IsFound() => CollectionAssert.AreEqual(
        new[] { "10 came after 8", "9 was acknowledged and is not there" }, Read(new(8, 0, 1), new(10, 0, 2)));

    [TestMethod]
    public void Reading_ThatGotOneTwice_IsFound() =>
        CollectionAssert.Contains(Read(new(8, 0, 1), new(9, 1, 1), new(9, 1, 1), new(10, 0, 2)), "9 came twice");

    [TestMethod]
    public void Reading_OutOfOrder_IsFound() =>
        CollectionAssert.Contains(Read(new(8, 0, 1), new(10, 0, 2), new(9, 1, 1)), "9 came after 10");

    [TestMethod]
    public void Reading_ThatGotATwin_IsFound() =>
        CollectionAssert.Contains(Read(new(8, 0, 1), new(9, 1, 1), new(10, 0, 2), new(11, 0, 2)), "11 repeats 'run-0-2'");

    [TestMethod]
    public void Reading_OfAMessageThatTheServerForgotAndGaveItsNumberToAnother_IsFound() =>
        CollectionAssert.Contains(
            Read(new(8, 0, 1), new(9, 2, 7), new(10, 0, 2)), "9 has the text 'run-2-7', acknowledged was 'run-1-1'");

    [TestMethod]
    public void Numbers_InTheOrderOfTime_AreClean() =>
        // The second and the third were under way together: either may be first.
        Assert.IsEmpty(
            FaultAudit.FindOutOfTime([Sent(8, from: 0, to: 10), Sent(9, from: 15, to: 30), Sent(10, from: 11, to: 20)], Run));

    [TestMethod]
    public void Number_BelowOneThatWasAcknowledgedBeforeItWasSent_IsFound() => CollectionAssert.AreEqual(
        new[] { "10 'run-0-10' was acknowledged before 8 'run-0-8' was sent" },
        FaultAudit.FindOutOfTime([Sent(8, from: 50, to: 60), Sent(9, from: 20, to: 55), Sent(10, from: 0, to: 10)], Run)
            .ToList());

    [TestMethod]
    public void Findings_AreEachNamedOnce_AndNotTooMany()
    {
        var findings = new Findings();
        for (var number = 0; number < 60; number++)
        {
            findings.Add($"fault {number}");
            findings.Add("fault 0");
        }

        var list = findings.ToList();
        Assert.HasCount(51, list);
        Assert.AreEqual("and 10 more", list[^1]);
        Assert.AreEqual(1, list.Count(fault => fault == "fault 0"));
    }

    private static string[] Read(params SentMessage[] seen) =>
        [.. FaultAudit.FindInReading([Sent(8, 0, 1), Sent(9, 1, 1), Sent(10, 0, 2)], seen, Run, lastSeqBefore: 7)];

    private static Acknowledgement Sent(long seq, int sender, int number) => new(new SentMessage(seq, sender, number), 0, 0);

    private static Acknowledgement Sent(long seq, long from, long to) => new(new SentMessage(seq, 0, (int)seq), from, to);
}
