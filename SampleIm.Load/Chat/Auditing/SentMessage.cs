using System.Globalization;

namespace SampleIm.Load.Chat.Auditing;

/// <summary>
/// A message that the server acknowledged. Its text follows from who sent it in which run, so that millions of them take little
/// memory.
/// </summary>
/// <param name="Seq">The number that the server gave it.</param>
/// <param name="Sender">Which sender of the run.</param>
/// <param name="Number">Which message of the sender.</param>
public readonly record struct SentMessage(long Seq, int Sender, int Number)
{
    public string TextIn(string run) => string.Create(CultureInfo.InvariantCulture, $"{run}-{Sender}-{Number}");

    /// <summary>Reads a text of the run; false where it is none.</summary>
    public static bool TryRead(string run, SeenMessage message, out SentMessage sent)
    {
        sent = default;
        if (message.Text is not { } text
            || !text.StartsWith(run, StringComparison.Ordinal)
            || text[run.Length..].Split('-') is not ["", var sender, var number])
        {
            return false;
        }

        if (!int.TryParse(sender, NumberStyles.None, CultureInfo.InvariantCulture, out var senderIndex)
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var messageNumber))
        {
            return false;
        }

        sent = new SentMessage(message.Seq, senderIndex, messageNumber);
        return true;
    }
}
