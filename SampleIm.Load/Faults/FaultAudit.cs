using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.People.Accounts;


namespace SampleIm.Load.Faults;

/// <summary>
/// Holds, after the run, what is there and what each reader got against what was acknowledged. What one is told "came after" is
/// so by number; that numbers are in the order of time as well is audited by itself.
/// </summary>
public static class FaultAudit
{
    /// <summary>Reads every conversation back and audits it, then what each reader got.</summary>
    /// <returns>What is wrong; empty is clean.</returns>
    public static async Task<IReadOnlyList<string>> AuditAsync(
        FaultScene scene, ServerApi api, IReadOnlyList<FollowingReader> readers, CancellationToken cancel)
    {
        // What is there before what was read: the latter may follow from it, and only so many are named.
        var (there, read) = (new Findings(), new Findings());
        foreach (var place in scene.Acknowledged.Places)
        {
            var acknowledged = scene.Acknowledged.In(place);
            FindAll(there, $"{place}: ", FindOutOfTime(acknowledged, scene.Run));
            var user = place == Place.Lobby ? 0 : place.Low;
            var audit = new Audit(scene.Run, acknowledged.Select(each => each.Message), scene.Before(place).LastSeq);
            var (name, since) = (place.NameFor(user, scene.Accounts), scene.Before(place).Version);
            await foreach (var message in api.ReadSinceAsync(scene.Accounts[user], name, since, cancel))
            {
                audit.Read(message);
            }

            FindAll(there, $"{place}: ", audit.Finish());
            foreach (var reader in readers.Where(reader => place.Has(reader.User)))
            {
                var seen = reader.Followed.TryGetValue(place, out var followed) ? followed.Seen : [];
                FindAll(
                    read, $"reader {reader.User}: {place}: ",
                    FindInReading(acknowledged, seen, scene.Run, scene.Before(place).LastSeq));
            }
        }

        return [.. there.ToList(), .. read.ToList()];
    }

    /// <summary>What a reader missed, saw twice, out of order, or otherwise than it was acknowledged.</summary>
    public static IReadOnlyList<string> FindInReading(
        IEnumerable<Acknowledgement> acknowledged, IEnumerable<SentMessage> seen, string run, long lastSeqBefore)
    {
        var audit = new Audit(run, acknowledged.Select(each => each.Message), lastSeqBefore);
        foreach (var message in seen)
        {
            audit.Read(new SeenMessage(message.Seq, message.TextIn(run)));
        }

        return audit.Finish();
    }

    /// <summary>
    /// A message that was acknowledged before another one was sent has the lower number, no matter who sent them.
    /// </summary>
    /// <param name="byNumber">All of a conversation, by number.</param>
    /// <param name="run">What texts begin with.</param>
    public static IReadOnlyList<string> FindOutOfTime(IReadOnlyList<Acknowledgement> byNumber, string run)
    {
        var faults = new List<string>();
        var lastSent = default(Acknowledgement);
        foreach (var each in byNumber)
        {
            if (each.AcknowledgedAt < lastSent.SentAt)
            {
                faults.Add(
                    $"{each.Message.Seq} '{each.Message.TextIn(run)}' was acknowledged before {lastSent.Message.Seq} "
                    + $"'{lastSent.Message.TextIn(run)}' was sent");
            }

            lastSent = each.SentAt > lastSent.SentAt ? each : lastSent;
        }

        return faults;
    }

    private static void FindAll(Findings findings, string where, IReadOnlyList<string> faults)
    {
        foreach (var fault in faults)
        {
            findings.Add(where + fault);
        }
    }
}
