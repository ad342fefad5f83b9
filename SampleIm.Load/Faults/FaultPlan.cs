namespace SampleIm.Load.Faults;

/// <summary>What a run of faults is to do.</summary>
/// <param name="KillsMariaDb">Whether the database is killed under the server, and not the server.</param>
/// <param name="HasBinaryLog">Whether that database keeps a binary log.</param>
/// <param name="Kills">How often.</param>
/// <param name="Senders">How many send.</param>
/// <param name="Readers">How many of them read all the while.</param>
/// <param name="LongestLoadMs">Within how many milliseconds of load it is killed.</param>
/// <param name="Seed">What the random moments follow from.</param>
/// <param name="Longest">After this time nothing more is killed.</param>
/// <param name="Program">The server's file or folder.</param>
/// <param name="DataPath">Where the data stays; null for a temporary folder.</param>
public sealed record FaultPlan(
    bool KillsMariaDb, bool HasBinaryLog, int Kills, int Senders, int Readers, int LongestLoadMs, int Seed, TimeSpan Longest,
    string Program, string? DataPath);
