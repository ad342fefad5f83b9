using Microsoft.Data.Sqlite;
using MySql.Data.MySqlClient;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Commands.Moving;

/// <summary>Opens the two databases of a move.</summary>
public static class MoveEnds
{
    /// <summary>Seconds that a statement may take: a count of all messages, a table that is dropped.</summary>
    private const uint StatementTimeoutS = 3600;

    /// <exception cref="StartupException">The connection string is wrong.</exception>
    public static Database OpenSource(MoveArguments arguments) =>
        Open("--from", () => arguments.FromProvider is DatabaseProvider.MySql
        ? OpenMySql(arguments.From)
        : new SqliteDialect(RefuseMissing(arguments.From)));

    /// <exception cref="StartupException">The connection string is wrong.</exception>
    public static Database OpenTarget(MoveArguments arguments) =>
        Open("--to", () => arguments.ToProvider is DatabaseProvider.MySql
        ? OpenMySql(arguments.To)
        : new SqliteDialect(arguments.To));

    private static Database Open(string argument, Func<Dialect> makeDialect)
    {
        try
        {
            return new Database(new PatientDialect(makeDialect()));
        }
        catch (Exception fault) when (fault is StartupException or ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartupException(
                $"{argument}: {fault.Message.Replace("Database:ConnectionString: ", "", StringComparison.Ordinal)}");
        }
    }

    private static MySqlDialect OpenMySql(string connectionString)
    {
        var settings = new MySqlConnectionStringBuilder(connectionString) { DefaultCommandTimeout = StatementTimeoutS };
        return settings.Database is { Length: > 0 }
            ? new MySqlDialect(settings.ToString())
            : throw new StartupException("It does not say which database: Database=… is missing.");
    }

    /// <summary>A source whose path is mistyped is not to be made, and then found to be empty.</summary>
    private static string RefuseMissing(string connectionString) =>
        new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite }.ToString();
}
