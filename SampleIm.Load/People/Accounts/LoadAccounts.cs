using SampleIm.Load.Hosting.Measuring;


namespace SampleIm.Load.People.Accounts;

/// <summary>Provides signed-in users: kept ones where there is a file of them, new ones for the rest.</summary>
public static class LoadAccounts
{
    /// <summary>Hashing a password takes a core for tens of milliseconds, so a few at a time are as fast as many.</summary>
    private const int AtATime = 8;

    /// <exception cref="LoadException">The server does not answer or refuses, or the file is unusable.</exception>
    public static async Task<IReadOnlyList<LoadAccount>> ProvideAsync(
        ServerApi api, int count, string? path, Progress progress, CancellationToken cancel)
    {
        var file = path is null ? AccountsFile.New() : AccountsFile.Open(path);
        while (file.Cookies.Count < count)
        {
            file.Cookies.Add(null);
        }

        var done = 0;
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel }, async (index, stop) =>
            {
                file.Cookies[index] = await SignInAsync(api, file, index, stop);
                progress.ShowNowAndThen($"Accounts: {Interlocked.Increment(ref done)} of {count}");
            });
        }
        finally
        {
            if (path is not null)
            {
                file.Save(path);
            }
        }

        return [.. Enumerable.Range(0, count).Select(index => new LoadAccount(Name(file, index), file.Cookies[index]!))];
    }

    private static async Task<string> SignInAsync(ServerApi api, AccountsFile file, int index, CancellationToken cancel)
    {
        var name = Name(file, index);
        if (file.Cookies[index] is { } cookie && await api.IsSignedInAsync(new LoadAccount(name, cookie), cancel))
        {
            return cookie;
        }

        var account = await api.RegisterAsync(name, file.Password, cancel) ?? await api.LogInAsync(name, file.Password, cancel);
        return account?.Cookie
            ?? throw new LoadException($"Somebody else has the name {name}. Remove the file of --accounts, or name another one.");
    }

    private static string Name(AccountsFile file, int index) => $"{file.Prefix}-{index}";
}
