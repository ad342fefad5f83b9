using System.Text;
using System.Text.Json;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Disk;

namespace SampleIm.Api.Commands.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Name">Its name inside its folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Digest of its content, in hexadecimal.</param>
public sealed record BackupFile(string Name, long Size, string Sha256);

/// <summary>What a backup holds, in <c>manifest.json</c>: written last, so a backup that has one is whole.</summary>
/// <param name="Format">Version of this file.</param>
/// <param name="MadeAt">When the database was as it is in the backup.</param>
/// <param name="Schema">The schema files that were applied to the database.</param>
/// <param name="Rows">Rows by table.</param>
/// <param name="Database">The database.</param>
/// <param name="Images">The images that the database knows, in <c>images/</c>.</param>
/// <param name="Keys">The sign-in keys, in <c>keys/</c>.</param>
public sealed record BackupManifest(
    int Format, DateTimeOffset MadeAt, IReadOnlyList<string> Schema, IReadOnlyDictionary<string, long> Rows,
    BackupFile Database, IReadOnlyList<BackupFile> Images, IReadOnlyList<BackupFile> Keys)
{
    public const int CurrentFormat = 1;
    public const string FileName = "manifest.json";

    /// <summary>Bytes of UTF-8, as Linux counts.</summary>
    private const int LongestName = 255;

    /// <summary>Of folders, and of drives and streams on Windows.</summary>
    private static readonly char[] s_separators = ['/', '\\', ':'];

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public async Task WriteAsync(string folder)
    {
        await using var file = OwnersOnly.Create(Path.Combine(folder, FileName));
        await JsonSerializer.SerializeAsync(file, this, s_json);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="StartupException">The folder is no backup, or not one that this program can read.</exception>
    public static async Task<BackupManifest> ReadAsync(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new StartupException($"'{folder}' is no backup: it has no {FileName}.");
        }

        try
        {
            await using var file = File.OpenRead(path);
            using var document = await JsonDocument.ParseAsync(file);
            if (document.RootElement.TryGetProperty("format", out var format)
                && format.TryGetInt32(out var number)
                && number > CurrentFormat)
            {
                throw new StartupException(
                    $"The backup was made by a newer version of this program: {FileName} has format {number}. Use the newer "
                    + "version.");
            }

            var manifest = document.Deserialize<BackupManifest>(s_json)!;
            BackupFile?[] files = [.. manifest.Images, .. manifest.Keys, manifest.Database];
            return manifest.Format == CurrentFormat && Array.TrueForAll(files, HasPlainName)
                ? manifest
                : throw new StartupException($"{FileName} of the backup is damaged.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new StartupException($"{FileName} of the backup is damaged: {fault.Message.Split('\n')[0]}");
        }
    }

    /// <summary>
    /// Whether a file has a name that leads nowhere but into the folder of the backup, and that any system takes.
    /// </summary>
    private static bool HasPlainName(BackupFile? file) => file?.Name is not (null or "" or "." or "..")
        && Encoding.UTF8.GetByteCount(file.Name) <= LongestName
        && !file.Name.Any(letter => char.IsControl(letter) || s_separators.Contains(letter));
}
