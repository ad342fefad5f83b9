namespace SampleIm.Api.Commands.Moving;

/// <summary>
/// A table with its columns, and the statements that move its rows. Here alone statements are put together, from these lists:
/// all tables need the same ones, and a column that is named once cannot be read and then not written.
/// </summary>
public sealed class MovedTable
{
    private readonly string _rowOfKey;
    private readonly string _list;

    private MovedTable(string name, string[] key, string[] otherColumns)
    {
        Name = name;
        Key = key;
        Columns = [.. key, .. otherColumns];
        _rowOfKey = string.Join(", ", key);
        _list = string.Join(", ", Columns);
        Count = $"/* Move.Count */ SELECT COUNT(*) FROM {name}";
        First = $"/* Move.First */ SELECT {_list} FROM {name} ORDER BY {_rowOfKey} LIMIT @count";
        Next = [.. Enumerable.Range(1, key.Length).Reverse().Select(SelectNext)];
        LastKey = $"/* Move.LastKey */ SELECT {_rowOfKey} FROM {name} ORDER BY {string.Join(
            ", ", key.Select(column => $"{column} DESC"))} LIMIT 1";
        Drop = $"/* Move.Drop */ DROP TABLE IF EXISTS {name}";
    }

    /// <summary>Every table of the schema, each after those that its rows refer to.</summary>
    public static IReadOnlyList<MovedTable> All { get; } =
    [
        new("users", ["id"],
            ["username", "username_key", "username_search_key", "display_name", "display_name_key", "email", "bio",
             "password_hash", "security_stamp", "failed_sign_ins", "locked_until", "created_at", "changed_at"]),
        new("sessions", ["id"], ["user_id", "security_stamp", "created_at", "expires_at"]),
        // So that a move does not unlock what was being guessed.
        new("sign_in_attempts", ["bucket"], ["attempts", "ends_at"]),
        new("conversations", ["id"],
            ["kind", "slug", "title", "owner_id", "last_seq", "version", "direct_low", "direct_high", "created_at",
             "changed_at"]),
        new("members", ["conversation_id", "user_id"],
            ["role", "joined_at", "read_seq", "changed_at", "last_sent_at", "unread_at"]),
        new("images", ["id"], ["owner_id", "content_type", "size", "width", "height", "created_at"]),
        new("messages", ["conversation_id", "seq"],
            ["version", "sender_id", "kind", "text", "image_id", "sent_at", "edited_at", "recalled_at", "client_id",
             "client_hash", "digest"]),
        new("recalls", ["conversation_id", "seq"], ["recalled_at", "digest"]),
    ];

    public string Name { get; }

    /// <summary>The columns of the primary key.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>All columns, those of the key first: a row's values are in this order.</summary>
    public IReadOnlyList<string> Columns { get; }

    public string Count { get; }

    /// <summary>The first <c>@count</c> rows in the order of the key.</summary>
    public string First { get; }

    /// <summary>
    /// The rows after the key <c>@k0</c>, <c>@k1</c>: one after the other, each as far as <c>@count</c>, these bring them in the
    /// order of the key. The rest of a conversation and the conversations after it are two statements because no single
    /// condition for both is one range of the index in each database.
    /// </summary>
    public IReadOnlyList<string> Next { get; }

    /// <summary>The key of the last row.</summary>
    public string LastKey { get; }

    public string Drop { get; }

    /// <summary>Inserts several rows at once, their values in <c>@v0</c>, <c>@v1</c> and so on.</summary>
    public string InsertRows(int count)
    {
        var rows = Enumerable.Range(0, count)
            .Select(
                row => $"({string.Join(", ", Enumerable.Range(row * Columns.Count, Columns.Count).Select(at => $"@v{at}"))})");
        return $"/* Move.Insert */ INSERT INTO {Name} ({_list}) VALUES {string.Join(", ", rows)}";
    }

    /// <summary>The rows that share all but the last of these columns of the key, and are higher in that one.</summary>
    private string SelectNext(int columns)
    {
        var same = Key.Take(columns - 1).Select((column, at) => $"{column} = @k{at} AND ");
        return $"/* Move.Next */ SELECT {_list} FROM {Name} WHERE {string.Concat(same)}{Key[columns - 1]} > @k{columns - 1} "
            + $"ORDER BY {_rowOfKey} LIMIT @count";
    }
}
