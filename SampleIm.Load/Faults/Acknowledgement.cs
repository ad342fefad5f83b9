using SampleIm.Load.Chat.Auditing;


namespace SampleIm.Load.Faults;

/// <summary>A message that the server acknowledged, and when.</summary>
/// <param name="Message">Which one, and its number.</param>
/// <param name="SentAt">When it was sent for the first time, in ticks of the stopwatch.</param>
/// <param name="AcknowledgedAt">When the answer was there.</param>
public readonly record struct Acknowledgement(SentMessage Message, long SentAt, long AcknowledgedAt);
