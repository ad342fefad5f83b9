using Dapper;
using Microsoft.Extensions.Options;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Api.People.Names;
using SampleIm.Api.Storage;

namespace SampleIm.Api.People.Accounts;

/// <summary>The names that the configuration gives to administrators. Anyone who registers such a name is one.</summary>
public sealed partial class AdminNames(IOptions<AdminOptions> options, Database database, ILogger<AdminNames> logger)
{
    private const string HasAccount = """
        /* AdminNames.HasAccount */
        SELECT EXISTS (SELECT 1 FROM users WHERE username_key = @key)
        """;

    /// <summary>At start: says which of them nobody has yet.</summary>
    public async Task WarnOfFreeAsync(CancellationToken cancellation)
    {
        foreach (var name in options.Value.Users)
        {
            if (!await HasAccountAsync(name, cancellation))
            {
                LogFree(logger, name);
            }
        }
    }

    private async Task<bool> HasAccountAsync(string name, CancellationToken cancellation)
    {
        foreach (var key in NameKey.ToLookUp(name))
        {
            if (await database.ReadAsync(
                    connection => connection.ExecuteScalarAsync<long>(HasAccount, new { key }), cancellation) != 0)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Admin:Users names {User}, and nobody has registered this name: anyone who does is an administrator")]
    private static partial void LogFree(ILogger logger, string user);
}
