using System.Diagnostics;
using System.Net;
using SampleIm.Load.People.Accounts;

namespace SampleIm.Load.Faults;

/// <summary>The SampleIm server of the run, at one port and over one data folder in all its lives.</summary>
/// <param name="program">Its file, <c>SampleIm.Api.dll</c>.</param>
/// <param name="dataPath">Its data folder.</param>
/// <param name="settings">More arguments.</param>
public sealed class OwnServer(string program, string dataPath, IReadOnlyList<string> settings) : OwnProcess
{
    private const string FileName = "SampleIm.Api.dll";

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, FreePort.Find());

    public override string Name => "The server";

    protected override ProcessStartInfo Command => new(
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
        [
            program, $"--urls=http://{EndPoint}", $"--Data:Path={dataPath}", "--RateLimits:Enabled=false",
            "--Logging:LogLevel:SampleIm=Warning", .. settings,
        ])
    {
        Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
    };

    /// <summary>The server that was built with this program.</summary>
    public static string BuiltBeside()
    {
        // …/SampleIm.Load/bin/Release/net10.0/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.FullName, "..", "..", "..", "..", "SampleIm.Api", "bin", own.Parent!.Name, own.Name, FileName);
    }

    /// <summary>The server's file, by its own path or that of the folder that it was built into.</summary>
    /// <exception cref="LoadException">There is none.</exception>
    public static string Find(string path)
    {
        var file = Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, FileName) : path);
        return File.Exists(file)
            ? file
            : throw new LoadException(
                $"There is no server at {file}: build it (dotnet build), or name its {FileName} by --program.");
    }

    protected override async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        using var line = new ServerLine(EndPoint, new LoadAccount("", ""));
        return (await line.GetAsync("/health/ready", cancel)).Status == 200;
    }
}
