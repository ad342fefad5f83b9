using SampleIm.Load.People.Accounts;


namespace SampleIm.Load.Faults;

/// <summary>A conversation of the run: the lobby, or a direct one of two of its users.</summary>
public readonly record struct Place(int Low, int High)
{
    public static Place Lobby { get; } = new(-1, -1);

    public static Place Between(int one, int other) => new(Math.Min(one, other), Math.Max(one, other));

    public bool Has(int user) => this == Lobby || user == Low || user == High;

    /// <summary>What that user calls it.</summary>
    public string NameFor(int user, IReadOnlyList<LoadAccount> accounts) =>
        this == Lobby ? "lobby" : $"@{accounts[user == Low ? High : Low].Username}";

    public override string ToString() => this == Lobby ? "lobby" : $"direct {Low}-{High}";
}
