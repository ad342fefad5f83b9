using System.Globalization;

namespace SampleIm.Load.Hosting.Limit;

/// <summary>What a server has asked of its garbage collector since it began, from the text of its metrics.</summary>
public sealed class AllocatedBytes(Uri server) : IDisposable
{
    public const string Path = "/metrics";

    public const string Metric = "sampleim_gc_allocated_bytes_total";

    private readonly HttpClient _http = new() { BaseAddress = server };

    /// <summary>Null where the server does not tell: it has to name this machine in Metrics:Addresses.</summary>
    /// <exception cref="LoadException">The server does not answer.</exception>
    public async Task<long?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(Path, cancel);
            return answer.IsSuccessStatusCode ? Find(await answer.Content.ReadAsStringAsync(cancel)) : null;
        }
        catch (HttpRequestException fault)
        {
            throw new LoadException($"{server} does not answer: {fault.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The value stands after the last blank: the name may have empty braces for its labels.</summary>
    private static long? Find(string text) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(Metric, StringComparison.Ordinal)) is { } line
            ? (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)
            : null;
}
