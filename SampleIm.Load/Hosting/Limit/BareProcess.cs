using System.Diagnostics;
using System.Net;
using SampleIm.Load.Hosting.Measuring;

namespace SampleIm.Load.Hosting.Limit;

/// <summary>The bare endpoint in a process of its own, so that its CPU can be told from the generator's.</summary>
public sealed class BareProcess : IDisposable
{
    private readonly Process _process;

    private BareProcess(Process process, IPEndPoint endPoint, ServerWatch watch) =>
        (_process, EndPoint, Watch) = (process, endPoint, watch);

    public IPEndPoint EndPoint { get; }

    public ServerWatch Watch { get; }

    /// <exception cref="LoadException">It does not start.</exception>
    public static async Task<BareProcess> StartAsync(CancellationToken cancel)
    {
        // This program once more: its own file, by the dotnet that runs it where that is what runs it.
        var own = typeof(BareProcess).Assembly.Location;
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(
            host,
            [own, LimitCommand.Name, LimitCommand.Serve, "0"])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        // As a web server is started, and not as the generator is.
        start.Environment.Remove(LoadProgram.InlineCompletions);
        start.Environment["DOTNET_gcServer"] = "1";
        start.Environment["DOTNET_gcConcurrent"] = "1";
        var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancel);
            return line?.StartsWith(BareEndpoint.Announcement, StringComparison.Ordinal) == true
                ? new BareProcess(
                    process, new IPEndPoint(
                        IPAddress.Loopback,
                        new Uri(line[BareEndpoint.Announcement.Length..]).Port), ServerWatch.Find(process.Id, 0)!)
                : throw new LoadException($"The bare endpoint did not start: {line}");
        }
        catch (Exception fault)
        {
            process.Kill();
            process.Dispose();
            throw fault is TimeoutException ? new LoadException("The bare endpoint did not start within 30 s.") : fault;
        }
    }

    public void Dispose()
    {
        Watch.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
