using Dapper;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Images;

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

/// <summary>The pictures that are whole. Who sends one, and recalls it, does so in the messages' transactions.</summary>
public sealed class ImageStore(Database database)
{
    private const string Insert = """
        /* Images.Add */
        INSERT INTO images (id, owner_id, content_type, size, width, height, created_at)
        VALUES (@Id, @OwnerId, @ContentType, @Size, @Width, @Height, @CreatedAt)
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

    private const string DeleteUnsent = """
        /* Images.RemoveUnsent */
        DELETE FROM images
        WHERE created_at < @before AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.image_id = images.id)
        """;

    public Task AddAsync(ImageRow image, CancellationToken cancellation) =>
        database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(Insert, image, transaction), cancellation);

    public Task<ImageRow?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<ImageRow>(Select, new { id }), cancellation);

    /// <summary>Which of these ids have a row.</summary>
    public async Task<HashSet<string>> ListKnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        [.. await database.ReadAsync(connection => connection.QueryAsync<string>(SelectKnown, new { ids }), cancellation)];

    /// <summary>Removes the rows of uploads that were never sent. Answers how many.</summary>
    public Task<int> RemoveUnsentAsync(DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(DeleteUnsent, new { before }, transaction), cancellation);
}
