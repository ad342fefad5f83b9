namespace SampleIm.Load.Chat.Auditing;

/// <summary>A message as the server tells a reader of it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Text">Its text.</param>
public readonly record struct SeenMessage(long Seq, string? Text);
