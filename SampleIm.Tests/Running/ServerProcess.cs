using System.Diagnostics;
using System.Text;

namespace SampleIm.Tests.Running;

/// <summary>
/// The program in a process of its own, as an operator runs it: it can be killed and started again over the same data.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startTime = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan s_commandTime = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private bool _isDisposed;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string dataPath, int port, IEnumerable<string> settings, IReadOnlyList<string>? within = null)
        : this([$"--urls=http://127.0.0.1:{port}", $"--Data:Path={dataPath}", "--RateLimits:Enabled=false", .. settings], within)
    {
    }

    private ServerProcess(IEnumerable<string> arguments, IReadOnlyList<string>? within = null)
    {
        List<string> words = [.. within ?? [], "dotnet", TestMachine.ProgramPath, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(TestMachine.ProgramPath),
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The program ended."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address => _address.Task.Result;

    public int Id => _process.Id;

    /// <summary>Everything that the program has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the program and waits until it listens.</summary>
    /// <param name="dataPath">Its data folder.</param>
    /// <param name="port">The port of an earlier run, where clients are to find it again; else any free one.</param>
    /// <param name="settings">More arguments, <c>--Presence:Capacity=2</c>.</param>
    public static Task<ServerProcess> StartAsync(string dataPath, int port = 0, params string[] settings) =>
        UntilListeningAsync(new ServerProcess(dataPath, port, settings));

    /// <summary>The same where the system lets it open no more files and sockets than this.</summary>
    public static Task<ServerProcess> StartWithFewFilesAsync(string dataPath, int mostOpenFiles, params string[] settings) =>
        UntilListeningAsync(new ServerProcess(
            // The shell becomes the program, so that the process is the program's.
            dataPath, 0, settings, ["sh", "-c", $"ulimit -n {mostOpenFiles} && exec \"$@\"", "sh"]));

    /// <summary>The same where a small disk can be seen.</summary>
    public static Task<ServerProcess> StartOnAsync(SmallDisk disk, string dataPath) =>
        UntilListeningAsync(new ServerProcess(dataPath, 0, [], disk.Entrance));

    /// <summary>Runs the program to its end where a small disk can be seen.</summary>
    public static async Task<(int ExitCode, string Output)> RunOnAsync(SmallDisk disk, string dataPath)
    {
        await using var server = new ServerProcess(dataPath, 0, [], disk.Entrance);
        return await server.WaitForEndAsync(s_startTime);
    }

    /// <summary>Starts the program and waits for nothing.</summary>
    public static ServerProcess Begin(string dataPath, params string[] settings) => new(dataPath, 0, settings);

    /// <summary>Runs the program to its end, for starts that must fail.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string dataPath, params string[] settings)
    {
        await using var server = new ServerProcess(dataPath, 0, settings);
        using var limit = new CancellationTokenSource(s_startTime);
        await server._process.WaitForExitAsync(limit.Token);
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>Starts a command of the program, <c>move</c>, which runs instead of the server.</summary>
    public static ServerProcess BeginCommand(params string[] arguments) => new(arguments);

    /// <summary>The same where a small disk can be seen.</summary>
    public static ServerProcess BeginCommandOn(SmallDisk disk, params string[] arguments) => new(arguments, disk.Entrance);

    /// <summary>Runs a command of the program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunCommandAsync(params string[] arguments)
    {
        await using var command = BeginCommand(arguments);
        return await command.WaitForEndAsync(s_commandTime);
    }

    /// <summary>Waits until the program ends by itself.</summary>
    public async Task<(int ExitCode, string Output)> WaitForEndAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, Output);
    }

    /// <summary>SIGTERM: the program is asked to end.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL: the program gets no chance to do anything more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        // Nobody may have waited for the address.
        _ = _address.Task.Exception;
    }

    private static async Task<ServerProcess> UntilListeningAsync(ServerProcess server)
    {
        try
        {
            await server._address.Task.WaitAsync(s_startTime);
            return server;
        }
        finally
        {
            // A program that nobody gets to know would run until the machine stops.
            if (!server._address.Task.IsCompletedSuccessfully)
            {
                await server.DisposeAsync();
            }
        }
    }

    private void Note(string? line)
    {
        const string Listening = "Now listening on: ";
        if (line is null)
        {
            // The end of the output.
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
        }
    }
}
