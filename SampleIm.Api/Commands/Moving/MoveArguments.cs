using SampleIm.Api.Storage;


namespace SampleIm.Api.Commands.Moving;

/// <summary>What the command line of a move says.</summary>
public sealed record MoveArguments(DatabaseProvider FromProvider, string From, DatabaseProvider ToProvider, string To)
{
    public const string Usage = """
        Moves everything from one database into another, empty one, and compares the two.

          dotnet run --project SampleIm.Api -- move --from-provider PROVIDER --from CONNECTION
                                                    --to-provider PROVIDER --to CONNECTION

          PROVIDER    Sqlite or MySql
          CONNECTION  as in Database:ConnectionString, such as
                      "Data Source=data/sampleim.db" (a path from the working folder, which under dotnet run is SampleIm.Api)
                      "Server=localhost;Port=3306;Database=sampleim;Uid=im;Pwd=…"

        Stop every server on both databases first. A move that was interrupted goes on when it is run again.
        Ends with 0 where both databases hold the same, with 1 where not, with 2 where the arguments are wrong.
        """;

    private static readonly string[] s_names = ["--from-provider", "--from", "--to-provider", "--to"];

    /// <returns>The arguments, or else what is wrong with them; neither where help was asked for.</returns>
    public static (MoveArguments? Arguments, string? Fault) Parse(string[] arguments)
    {
        var (words, fault) = CommandWords.Parse(arguments, s_names, takesSettings: false);
        return words is null ? (null, fault) : Parse(words.Values);
    }

    private static (MoveArguments? Arguments, string? Fault) Parse(IReadOnlyDictionary<string, string> values) =>
        (ParseProvider(values["--from-provider"]), ParseProvider(values["--to-provider"])) switch
        {
            (null, _) => (null, $"--from-provider: there is no provider {values["--from-provider"]}."),
            (_, null) => (null, $"--to-provider: there is no provider {values["--to-provider"]}."),
            ({ } from, { } to) => (new MoveArguments(from, values["--from"], to, values["--to"]), null),
        };

    private static DatabaseProvider? ParseProvider(string name) => Enum.GetValues<DatabaseProvider>()
        .Where(provider => name.Equals($"{provider}", StringComparison.OrdinalIgnoreCase))
        .Select(provider => (DatabaseProvider?)provider)
        .SingleOrDefault();
}
