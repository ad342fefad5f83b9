using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SampleIm.Api.Commands.Moving;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;
using SampleIm.Api.Storage.Providers;

namespace SampleIm.Api.Commands.Backup;

/// <summary>An image that a database knows.</summary>
/// <param name="Id">Its id, and the name of its file.</param>
/// <param name="Size">Bytes of its file.</param>
public sealed record PictureRow(string Id, long Size);

/// <summary>A SQLite database that is backed up, or its copy in a backup: what it holds, and whether that is sound.</summary>
public sealed class BackedUpDatabase(string file, SqliteOpenMode mode) : IDisposable
{
    private const string SelectTables = """
        /* Backup.Tables */
        SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name
        """;

    private const string SelectPictures = """
        /* Backup.Pictures */
        SELECT id, size FROM images
        """;

    private const string SelectMessageOf = """
        /* Backup.MessageOf */
        SELECT COALESCE(c.slug, 'a direct conversation'), m.seq
        FROM messages m
        JOIN conversations c ON c.id = m.conversation_id
        WHERE m.image_id = @id
        """;

    // The numbers of the messages are 1, 2, 3 as far as the conversation says, and no message is ahead of it.
    private const string SelectGap = """
        /* Backup.Gap */
        SELECT c.id
        FROM conversations c
        LEFT JOIN (
            SELECT conversation_id, COUNT(*) AS number, MIN(seq) AS low, MAX(seq) AS high, MAX(version) AS version
            FROM messages
            GROUP BY conversation_id
        ) m ON m.conversation_id = c.id
        WHERE COALESCE(m.number, 0) <> c.last_seq OR COALESCE(m.high, 0) <> c.last_seq OR m.low < 1 OR m.version > c.version
        LIMIT 1
        """;

    private readonly Database _database = new(new PatientDialect(new SqliteDialect(
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode }.ToString())));

    /// <exception cref="StartupException">
    /// It is not a database of this program, or a newer one, or the target of a move.
    /// </exception>
    public async Task RefuseForeignAsync()
    {
        try
        {
            await new Schema(_database, TimeProvider.System, NullLogger<Schema>.Instance).VerifyAsync(CancellationToken.None);
            await UnfinishedMove.RefuseAsync(_database, CancellationToken.None);
        }
        catch (DbException fault)
        {
            throw new StartupException($"'{file}' is not a database of SampleIm: {fault.Message}");
        }
    }

    public Task<IReadOnlyList<PictureRow>> ListPicturesAsync() => ReadAsync(async connection =>
        (IReadOnlyList<PictureRow>)(await connection.QueryAsync<PictureRow>(SelectPictures)).AsList());

    /// <summary>
    /// Whether the image is still there, and the message that shows it: "message 12 of lobby"; empty where it was not sent.
    /// </summary>
    public async Task<string?> FindUseAsync(PictureRow picture)
    {
        if (!(await ListPicturesAsync()).Contains(picture))
        {
            return null;
        }

        var (place, seq) = await ReadAsync(
            connection =>
                connection.QuerySingleOrDefaultAsync<(string? Place, long Seq)>(SelectMessageOf, new { id = picture.Id }));
        return place is null ? "" : $"message {seq} of {place}";
    }

    public Task<IReadOnlyList<string>> ListSchemaAsync() => ReadAsync(async connection =>
        (IReadOnlyList<string>)(
            await connection.QueryAsync<string>("/* Backup.Schema */ SELECT name FROM schema_files ORDER BY name")).AsList());

    /// <summary>
    /// Copies the database as it is at one moment, whatever is written meanwhile, over whatever is in the file.
    /// </summary>
    public async Task CopyToAsync(string copy)
    {
        File.Delete(copy);
        await OwnersOnly.Create(copy).DisposeAsync();
        await ReadAsync(async connection =>
        {
            await using var target = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
            await target.OpenAsync();
            ((SqliteConnection)connection).BackupDatabase(target);
            // One file by itself, that can be read where nothing can be written beside it.
            return await target.ExecuteAsync("/* Backup.CloseLog */ PRAGMA journal_mode = DELETE");
        });
    }

    /// <summary>Reads all of it, and answers the rows by table.</summary>
    /// <exception cref="StartupException">It is damaged.</exception>
    public Task<IReadOnlyDictionary<string, long>> CheckAsync() => ReadAsync(async connection =>
    {
        var fault = await connection.QueryFirstAsync<string>(
            "/* Backup.IsIntact */ PRAGMA integrity_check(1)", commandTimeout: 0);
        Refuse(fault is "ok", fault);
        var strays = await connection.QueryAsync<string>("/* Backup.HasStrays */ PRAGMA foreign_key_check", commandTimeout: 0);
        Refuse(!strays.Any(), "a row refers to one that is not there");
        var gap = await connection.QuerySingleOrDefaultAsync<long?>(SelectGap, commandTimeout: 0);
        Refuse(gap is null, $"the numbers of the messages of conversation {gap} have a gap");

        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await connection.QueryAsync<string>(SelectTables))
        {
            // The name is the database's own: none comes from outside.
            rows.Add(
                table,
                await connection.ExecuteScalarAsync<long>(
                    $"/* Backup.Count */ SELECT COUNT(*) FROM \"{table}\"", commandTimeout: 0));
        }

        return (IReadOnlyDictionary<string, long>)rows;
    });

    public void Dispose() => _database.Dispose();

    private void Refuse(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw new StartupException($"The database '{file}' is damaged: {fault.ReplaceLineEndings(" ")}.");
        }
    }

    private Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> read) => _database.ReadAsync(read, CancellationToken.None);
}
