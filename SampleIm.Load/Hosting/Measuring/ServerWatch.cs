using System.Diagnostics;
using System.Globalization;

namespace SampleIm.Load.Hosting.Measuring;

/// <summary>What a process took from one moment to another.</summary>
/// <param name="Pid">Which one.</param>
/// <param name="CpuPercent">Of one core: 200 are two cores.</param>
/// <param name="CpuS">Seconds of CPU.</param>
/// <param name="PeakMemoryMb">The most memory that was resident when it was looked at, in units of 1,000,000 bytes.</param>
public sealed record ProcessUsage(int Pid, double CpuPercent, double CpuS, double PeakMemoryMb);

/// <summary>Watches a process of this machine from outside.</summary>
public sealed class ServerWatch : IDisposable
{
    private static readonly string[] s_socketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    private readonly Process _process;
    private TimeSpan _cpuAtStart;
    private long _startedAt;
    private long _peakBytes;

    private ServerWatch(Process process) => _process = process;

    /// <summary>CPU time since the process began, in steps of 10 ms.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? _cpuAtStart : _process.TotalProcessorTime;
        }
    }

    /// <param name="pid">The process, where it is known.</param>
    /// <param name="port">The port on which it listens, for finding it; Linux only.</param>
    /// <returns>Null where it cannot be found.</returns>
    /// <exception cref="LoadException">There is no process with that number.</exception>
    public static ServerWatch? Find(int? pid, int port)
    {
        try
        {
            return (pid ?? FindListener(port)) is { } found ? new ServerWatch(Process.GetProcessById(found)) : null;
        }
        catch (ArgumentException)
        {
            throw new LoadException($"--server-pid: there is no process {pid}.");
        }
    }

    public void Start()
    {
        (_cpuAtStart, _startedAt, _peakBytes) = (Cpu, Stopwatch.GetTimestamp(), 0);
        Look();
    }

    /// <summary>Notes the memory as it is now.</summary>
    public void Look()
    {
        _process.Refresh();
        _peakBytes = _process.HasExited ? _peakBytes : Math.Max(_peakBytes, _process.WorkingSet64);
    }

    /// <summary>What it took since <see cref="Start"/>.</summary>
    public ProcessUsage Stop()
    {
        Look();
        var cpu = Cpu - _cpuAtStart;
        var share = cpu / Stopwatch.GetElapsedTime(_startedAt);
        return new ProcessUsage(
            _process.Id, Math.Round(share * 100, 1), Math.Round(cpu.TotalSeconds, 2), Math.Round(_peakBytes / 1e6, 1));
    }

    public void Dispose() => _process.Dispose();

    private static int? FindListener(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var sockets = s_socketTables.Where(File.Exists)
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            // The columns: local address and port in hexadecimal, state (0A is listening), number of the socket.
            .Where(
                fields =>
                    fields[3] == "0A"
                        && int.Parse(
                            fields[1].AsSpan(fields[1].IndexOf(':') + 1), NumberStyles.HexNumber,
                            CultureInfo.InvariantCulture) == port)
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();
        return Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0 && Holds(pid, sockets))
            .Cast<int?>()
            .FirstOrDefault();
    }

    private static bool Holds(int pid, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(file => sockets.Contains(TargetOf(file)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has ended, or belongs to somebody else.
            return false;
        }
    }

    private static string TargetOf(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, false)?.Name ?? "";
        }
        catch (IOException)
        {
            // It was closed meanwhile.
            return "";
        }
    }
}
