using System.Data.Common;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Api.Storage;

namespace SampleIm.Api.Chat.Messages.Sending;

/// <summary>
/// Finds which of several messages cannot be kept, with a few statements however many there are: then the others can be written
/// together without them.
/// </summary>
public sealed class SendRefusals(Database database)
{
    private static readonly RowStatement s_listMembers = new("""
        /* Sends.ListMembers */
        SELECT conversation_id, user_id
        FROM members
        WHERE ⟦(conversation_id = @conversation# AND user_id = @sender#)¦ OR ⟧
        """);

    private static readonly RowStatement s_listClientIds = new("""
        /* Sends.ListClientIds: kept as bytes in MySQL */
        SELECT sender_id, CAST(client_id AS CHAR)
        FROM messages
        WHERE ⟦(sender_id = @sender# AND client_id = @clientId#)¦ OR ⟧
        """);

    private static readonly RowStatement s_listImages = new("""
        /* Sends.ListImages */
        SELECT i.id, i.owner_id, m.seq
        FROM images i
        LEFT JOIN messages m ON m.image_id = i.id
        WHERE i.id IN (⟦@image#¦, ⟧)
        """);

    /// <summary>
    /// The codes of those that cannot be kept. Of two that exclude each other the first can. Each has its conversation.
    /// </summary>
    public async Task<Dictionary<PendingSend, string>> FindAsync(DbTransaction transaction, IReadOnlyList<PendingSend> sends)
    {
        var members = await ListMembersAsync(transaction, sends);
        var clientIds = await ListClientIdsAsync(transaction, sends);
        var (ownImages, sentImages) = await ListImagesAsync(transaction, sends);
        var refused = new Dictionary<PendingSend, string>();
        foreach (var send in sends)
        {
            var (senderId, draft) = (send.Sender.Id, send.Draft);
            var code = (draft.ClientId, draft.ImageId) switch
            {
                _ when !members.Contains((send.Place.ConversationId!.Value, senderId)) => ProblemCodes.ConversationNotMember,
                ({ } clientId, _) when clientIds.Contains((senderId, clientId)) => ProblemCodes.MessageClientIdReused,
                (_, { } imageId) when !ownImages.Contains((senderId, imageId)) => ProblemCodes.ImageUnknown,
                (_, { } imageId) when sentImages.Contains(imageId) => ProblemCodes.ImageAlreadySent,
                _ => null,
            };
            if (code is not null)
            {
                refused[send] = code;
                continue;
            }

            clientIds.Add((senderId, draft.ClientId ?? ""));
            sentImages.Add(draft.ImageId ?? "");
        }

        return refused;
    }

    private Task<HashSet<(long ConversationId, long UserId)>> ListMembersAsync(
        DbTransaction transaction, IReadOnlyList<PendingSend> sends) =>
        ListAsync(transaction, s_listMembers, sends, (command, at, send) =>
        {
            command.AddParameter("@conversation", at, send.Place.ConversationId);
            command.AddParameter("@sender", at, send.Sender.Id);
        }, row => (row.GetInt64(0), row.GetInt64(1)));

    private Task<HashSet<(long SenderId, string ClientId)>> ListClientIdsAsync(
        DbTransaction transaction, IReadOnlyList<PendingSend> sends) =>
        ListAsync(transaction, s_listClientIds, sends.Where(send => send.Draft.ClientId is not null), (command, at, send) =>
        {
            command.AddParameter("@sender", at, send.Sender.Id);
            command.AddParameter("@clientId", at, send.Draft.ClientId);
        }, row => (row.GetInt64(0), row.GetString(1)));

    private async Task<(HashSet<(long OwnerId, string Id)> Own, HashSet<string> Sent)> ListImagesAsync(
        DbTransaction transaction, IReadOnlyList<PendingSend> sends)
    {
        var images = await ListAsync(transaction, s_listImages, sends.Where(send => send.Draft.ImageId is not null),
            (command, at, send) => command.AddParameter("@image", at, send.Draft.ImageId),
            row => (OwnerId: row.GetInt64(1), Id: row.GetString(0), IsSent: !row.IsDBNull(2)));
        return ([.. images.Select(image => (image.OwnerId, image.Id))],
            [.. images.Where(image => image.IsSent).Select(image => image.Id)]);
    }

    private async Task<HashSet<T>> ListAsync<T>(
        DbTransaction transaction, RowStatement statement, IEnumerable<PendingSend> sends, Action<RowCommand, int,
            PendingSend> give, Func<DbDataReader, T> read)
    {
        var found = new HashSet<T>();
        foreach (var some in sends.Chunk(database.Dialect.RowsAtOnce))
        {
            await using var command = statement.For(some.Length, transaction);
            foreach (var (at, send) in some.Index())
            {
                give(command, at, send);
            }

            await using var rows = await command.ReadAsync();
            while (await rows.ReadAsync())
            {
                found.Add(read(rows));
            }
        }

        return found;
    }
}
