using SampleIm.Load.Chat.Auditing;
using SampleIm.Load.People.Accounts;


namespace SampleIm.Load.Chat.Sending;

/// <summary>The lobby, from before a run to after it: reads everything back as a reader would.</summary>
public sealed class LobbyAudit
{
    public const string Conversation = "lobby";

    private readonly ServerApi _api;
    private readonly LoadAccount _reader;
    private readonly ConversationMark _before;

    private LobbyAudit(ServerApi api, LoadAccount reader, ConversationMark before) =>
        (_api, _reader, _before) = (api, reader, before);

    /// <summary>What the texts of this run begin with.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>Notes how far the lobby is before the run.</summary>
    public static async Task<LobbyAudit> BeginAsync(ServerApi api, LoadAccount reader, CancellationToken cancel) =>
        new(api, reader, await api.MarkAsync(reader, Conversation, cancel));

    /// <returns>What is wrong; empty where every acknowledged message is there as it was acknowledged.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(IEnumerable<SentMessage> acknowledged, CancellationToken cancel)
    {
        var audit = new Audit(Run, acknowledged, _before.LastSeq);
        await foreach (var message in _api.ReadSinceAsync(_reader, Conversation, _before.Version, cancel))
        {
            audit.Read(message);
        }

        return audit.Finish();
    }
}
