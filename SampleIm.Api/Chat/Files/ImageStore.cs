using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Files;

/// <summary>A row of <c>images</c>.</summary>
public sealed class ImageRow
{
    public string Id { get; init; } = "";

    public long OwnerId { get; init; }

    public string ContentType { get; init; } = "";

    public long Size { get; init; }

    public long Width { get; init; }

    public long Height { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The images that are whole. Who sends one, and recalls it, does so in the messages' transactions.</summary>
public sealed class ImageStore(Database database)
{
    private const string Insert = """
        /* Images.Add */
        INSERT INTO images (id, owner_id, content_type, size, width, height, created_at)
        VALUES (@Id, @OwnerId, @ContentType, @Size, @Width, @Height, @CreatedAt)
        """;

    private const string LockOwner = """
        /* Images.LockOwner: the uploads of one user take turns, so that each counts all before it */
        UPDATE users SET changed_at = changed_at WHERE id = @ownerId
        """;

    private const string SumOfOwner = """
        /* Images.SumOfOwner */
        SELECT COALESCE(SUM(size), 0) FROM images WHERE owner_id = @ownerId
        """;

    private const string Select = """
        /* Images.Find */
        SELECT id, owner_id, content_type, size, width, height, created_at
        FROM images
        WHERE id = @id
        """;

    private const string SelectKnown = """
        /* Images.ListKnown */
        SELECT id FROM images WHERE id IN @ids
        """;

    private const string SelectUnsent = """
        /* Images.ListUnsent */
        SELECT i.id, i.created_at
        FROM images i
        LEFT JOIN messages m ON m.image_id = i.id
        WHERE i.created_at >= @from AND i.created_at < @before AND m.image_id IS NULL
        ORDER BY i.created_at
        LIMIT @limit
        """;

    private const string DeleteUnsent = """
        /* Images.RemoveUnsent: unless it was sent since it was listed */
        DELETE FROM images
        WHERE id IN @ids AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.image_id = images.id)
        """;

    /// <summary>Bytes of the images that a user has.</summary>
    public Task<long> SumOfOwnerAsync(long ownerId, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(SumOfOwner, new { ownerId }), cancellation);

    /// <summary>
    /// Adds an image; false, and nothing is added, where its owner would then have more than <paramref name="quotaBytes"/>.
    /// </summary>
    public Task<bool> AddAsync(ImageRow image, long quotaBytes, CancellationToken cancellation) =>
        database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var owner = new { ownerId = image.OwnerId };
        await connection.ExecuteAsync(LockOwner, owner, transaction);
        return await connection.ExecuteScalarAsync<long>(SumOfOwner, owner, transaction) + image.Size <= quotaBytes
            && await connection.ExecuteAsync(Insert, image, transaction) == 1;
    }, cancellation, isAdded => isAdded);

    public Task<ImageRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<ImageRow>(Select, new { id }), cancellation);

    /// <summary>Which of these ids have a row.</summary>
    public async Task<HashSet<string>> ListKnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        [.. await database.ReadAsync(connection => connection.QueryAsync<string>(SelectKnown, new { ids }), cancellation)];

    /// <summary>
    /// The first uploads of a time that were never sent, by that time. Reads only: nobody who writes waits for it.
    /// </summary>
    public async Task<IReadOnlyList<ImageRow>> ListUnsentAsync(
        DateTimeOffset from, DateTimeOffset before, int limit, CancellationToken cancellation) =>
        await database.ReadAsync(
            async connection => (await connection.QueryAsync<ImageRow>(SelectUnsent, new { from, before, limit })).AsList(),
            cancellation);

    /// <summary>Removes the rows of those of these uploads that were never sent. Answers how many.</summary>
    public Task<int> RemoveUnsentAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(DeleteUnsent, new { ids }, transaction), cancellation);
}
