using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Commands.Moving;

/// <summary>The database that is moved. It is only read.</summary>
/// <param name="MadeAt">
/// When its schema was first applied, Unix milliseconds: no two databases of one operator share it, and it stays the same
/// wherever the database lies.
/// </param>
/// <param name="Description">Where it is, in words; without the password.</param>
public sealed record MoveSource(long MadeAt, string Description)
{
    private const string SelectMadeAt = """
        /* Move.MadeAt */
        SELECT MIN(applied_at) FROM schema_files
        """;

    /// <exception cref="StartupException">It is not a database of this program, or of another version.</exception>
    public static async Task<MoveSource> OpenAsync(Database database)
    {
        try
        {
            var schema = new Schema(database, TimeProvider.System, NullLogger<Schema>.Instance);
            if (await schema.IsCurrentAsync(CancellationToken.None))
            {
                return new MoveSource(await FindMadeAtAsync(database), await DescribeAsync(database));
            }
        }
        catch (DbException fault)
        {
            throw new StartupException($"The source is not a database of SampleIm: {fault.Message}");
        }
        catch (StorageUnavailableException fault)
        {
            throw new StartupException($"The source cannot be opened: {fault.Message}");
        }

        throw new StartupException(
            "The source has the schema of another version. Start this version's server on it once, stop it, and move then.");
    }

    public static Task<long> FindMadeAtAsync(Database database) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(SelectMadeAt), CancellationToken.None);

    /// <summary>The file, or the server and the database there.</summary>
    public static Task<string> DescribeAsync(Database database) => database.ReadAsync(
        connection =>
            Task.FromResult(
                database.Dialect.Name is "sqlite" ? connection.DataSource : $"{connection.DataSource}/{connection.Database}"),
        CancellationToken.None);
}
