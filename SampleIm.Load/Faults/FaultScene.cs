using System.Net;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Faults;

/// <summary>What senders, readers and the one who kills have in common.</summary>
public sealed class FaultScene(IPEndPoint server, IReadOnlyList<LoadAccount> accounts, ConversationMark lobbyBefore)
{
    private int _life;

    public IPEndPoint Server { get; } = server;

    /// <summary>Users of the run; each is known by its place in this list.</summary>
    public IReadOnlyList<LoadAccount> Accounts { get; } = accounts;

    /// <summary>How far the lobby was before the run.</summary>
    public ConversationMark LobbyBefore { get; } = lobbyBefore;

    /// <summary>What the texts of this run begin with.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..8];

    public Acknowledgements Acknowledged { get; } = new();

    public Findings Findings { get; } = new();

    public SendTally Sends { get; } = new();

    public ReadTally Reads { get; } = new();

    /// <summary>How often something was killed before now.</summary>
    public int Life => Volatile.Read(ref _life);

    public void NextLife() => Interlocked.Increment(ref _life);

    /// <summary>Where the conversation was before the run.</summary>
    public ConversationMark Before(Place place) => place == Place.Lobby ? LobbyBefore : default;
}
