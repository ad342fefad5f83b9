using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.People.Accounts;


namespace SampleIm.Load.Faults;

/// <summary>A conversation as one reader knows it.</summary>
/// <param name="name">What the reader calls it.</param>
/// <param name="before">Where the reader begins.</param>
public sealed class FollowedPlace(string name, ConversationMark before)
{
    public string Name { get; } = name;

    /// <summary>The version up to which the reader has everything.</summary>
    public long Cursor { get; set; } = before.Version;

    /// <summary>The last number that the reader got.</summary>
    public long LastSeq { get; set; } = before.LastSeq;

    /// <summary>What the last poll said of it.</summary>
    public ConversationMark Head { get; set; } = before;

    /// <summary>Everything that the reader got, in the order in which it came.</summary>
    public List<SentMessage> Seen { get; } = [];
}
