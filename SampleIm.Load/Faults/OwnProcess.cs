using System.ComponentModel;
using System.Diagnostics;

namespace SampleIm.Load.Faults;

/// <summary>A program that the run starts, kills and starts again at the same place. It ends with the run.</summary>
public abstract class OwnProcess : IAsyncDisposable
{
    private const int LinesKept = 20;

    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(10);

    private readonly Queue<string> _lastLines = [];
    private Process? _process;

    protected OwnProcess() => AppDomain.CurrentDomain.ProcessExit += KillAtExit;

    public abstract string Name { get; }

    /// <summary>Its number while it runs; 0 before.</summary>
    public int Pid => _process?.Id ?? 0;

    /// <summary>How to start it.</summary>
    protected abstract ProcessStartInfo Command { get; }

    /// <summary>Whether it does its work already.</summary>
    protected abstract Task<bool> IsReadyAsync(CancellationToken cancel);

    /// <summary>Starts it and waits for nothing.</summary>
    /// <exception cref="LoadException">It cannot be started.</exception>
    public void Begin()
    {
        var command = Command;
        (command.RedirectStandardOutput, command.RedirectStandardError, command.RedirectStandardInput) = (true, true, true);
        // As it is started otherwise, and not as the generator is.
        command.Environment.Remove(LoadProgram.InlineCompletions);
        _process?.Dispose();
        _process = new Process { StartInfo = command };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        try
        {
            _process.Start();
        }
        catch (Win32Exception fault)
        {
            _process = null;
            throw new LoadException($"{Name} cannot be started by {command.FileName}: {fault.Message}");
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it and waits until it works.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="LoadException">It cannot be started, ends, or does not work in time.</exception>
    public async Task<TimeSpan> StartAsync(CancellationToken cancel)
    {
        var startedAt = Stopwatch.GetTimestamp();
        Begin();
        while (!await IsReadyAsync(cancel))
        {
            if (_process!.HasExited)
            {
                throw new LoadException($"{Name} ended with {_process.ExitCode} at its start:\n{LastLines}");
            }

            if (Stopwatch.GetElapsedTime(startedAt) > s_startPatience)
            {
                throw new LoadException($"{Name} did not start within {s_startPatience.TotalSeconds} s:\n{LastLines}");
            }

            await Task.Delay(s_lookEvery, cancel);
        }

        return Stopwatch.GetElapsedTime(startedAt);
    }

    /// <summary>SIGKILL: it gets no chance to do anything more. Returns when it is gone.</summary>
    /// <exception cref="LoadException">It had ended before.</exception>
    public async Task KillAsync()
    {
        if (_process!.HasExited)
        {
            throw new LoadException($"{Name} ended by itself with {_process.ExitCode}:\n{LastLines}");
        }

        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        _process = null;
        GC.SuppressFinalize(this);
    }

    private string LastLines
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    /// <summary>Where the run is ended so hard that it does not come to disposing.</summary>
    private void KillAtExit(object? sender, EventArgs args)
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }
    }

    private void Keep(string? line)
    {
        lock (_lastLines)
        {
            if (line is not null)
            {
                _lastLines.Enqueue(line);
            }

            if (_lastLines.Count > LinesKept)
            {
                _lastLines.Dequeue();
            }
        }
    }
}
