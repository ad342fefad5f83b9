using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SampleIm.Api.Commands.Moving;

/// <summary>What a table holds: equal digests, equal rows.</summary>
/// <param name="Rows">How many there are, as the database counts them.</param>
/// <param name="RowsRead">How many went into the checksum.</param>
/// <param name="Checksum">SHA-256 over every value in the order of the key, in hexadecimal.</param>
public sealed record TableDigest(long Rows, long RowsRead, string Checksum)
{
    /// <summary>What reading leaves out it leaves out on both sides, and the checksums would agree.</summary>
    public bool IsWhole => Rows == RowsRead;

    /// <summary>Reads the table to its end. A null, an empty text and a 0 are three different values.</summary>
    public static async Task<TableDigest> OfAsync(TableRows table, Action<long> advance)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new ArrayBufferWriter<byte>();
        var rowsRead = 0L;
        await foreach (var page in table.ListPagesAsync(after: null))
        {
            foreach (var value in page.SelectMany(row => row))
            {
                Write(bytes, value);
            }

            hash.AppendData(bytes.WrittenSpan);
            bytes.ResetWrittenCount();
            rowsRead += page.Count;
            advance(page.Count);
        }

        return new TableDigest(await table.CountAsync(), rowsRead, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Kind, then for a text its length: no two different rows have the same bytes.</summary>
    private static void Write(ArrayBufferWriter<byte> bytes, object? value)
    {
        switch (value)
        {
            case null:
                bytes.Write("-"u8);
                break;
            case long number:
                bytes.Write("n"u8);
                WriteNumber(bytes, number);
                break;
            default:
                var text = (string)value;
                bytes.Write("t"u8);
                WriteNumber(bytes, Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, bytes);
                break;
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> bytes, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }
}
