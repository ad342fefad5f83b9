using System.Security.Cryptography;
using System.Text.Json;

namespace SampleIm.Load.People.Accounts;

/// <summary>
/// Accounts kept between runs, for registering costs the server a password hash each. Who reads the file can sign in as them, so
/// only its owner may, and the password is drawn again for each file: a server keeps no accounts whose password stands in a
/// source text.
/// </summary>
/// <param name="Prefix">What their names begin with; a number follows.</param>
/// <param name="Password">The same for all.</param>
/// <param name="Cookies">Cookie of account 0, 1, 2 …; null where it was not yet registered.</param>
public sealed record AccountsFile(string Prefix, string Password, List<string?> Cookies)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Accounts that nobody has yet.</summary>
    public static AccountsFile New() =>
        new(
            $"load-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
            RandomNumberGenerator.GetHexString(32, lowercase: true), []);

    /// <exception cref="LoadException">The file cannot be read, or is none of these.</exception>
    public static AccountsFile Open(string path)
    {
        try
        {
            return !File.Exists(path)
                ? New()
                : JsonSerializer.Deserialize<AccountsFile>(
                    File.ReadAllText(path), s_json) is { Prefix: not null, Password: not null, Cookies: not null } file
                    ? file
                    : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new LoadException($"--accounts: {path} is not a file of accounts. Name another one, or remove it.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadException($"--accounts: {fault.Message}");
        }
    }

    /// <exception cref="LoadException">The file cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // Written beside it and moved into its place, so that an interrupted run loses no accounts.
            var draft = $"{path}.new";
            using (var stream = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(stream, this, s_json);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadException($"--accounts: {fault.Message}");
        }
    }
}
