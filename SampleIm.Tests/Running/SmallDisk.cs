using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SampleIm.Tests.Running;

/// <summary>
/// A disk of a few megabytes in memory, that can be filled and made read-only. It is mounted in a namespace of its own,
/// for which nobody has to be root: only what is started there finds it under its path, and it ends with this.
/// </summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Process _holder;

    private SmallDisk(Process holder, string path) => (_holder, Path) = (holder, path);

    /// <summary>Where it is for what is started through <see cref="Entrance"/>.</summary>
    public string Path { get; }

    /// <summary>The same place for everybody else.</summary>
    public string OutsidePath => $"/proc/{_holder.Id}/root{Path}";

    /// <summary>What comes before a command to start it where the disk is.</summary>
    public IReadOnlyList<string> Entrance =>
        [
            "nsenter", "--target", _holder.Id.ToString(CultureInfo.InvariantCulture), "--user", "--mount",
            "--preserve-credentials", "--",
        ];

    /// <summary>Mounts one over a folder.</summary>
    public static async Task<SmallDisk> MountAsync(string path, long bytes)
    {
        Directory.CreateDirectory(path);
        // Lives as long as its input is open: also where the tests are killed nothing is left.
        var holder = Start("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", Script(path, bytes));
        var line = holder is null ? null : await holder.StandardOutput.ReadLineAsync().WaitAsync(s_patience);
        if (holder is null || line is not "mounted")
        {
            holder?.Dispose();
            TestMachine.Lacks("unshare of util-linux, or the right to mount,");
        }

        return new SmallDisk(holder!, path);
    }

    /// <summary>Leaves no byte free. Answers the file to delete, so that there is room again.</summary>
    public async Task<string> FillAsync()
    {
        var ballast = System.IO.Path.Combine(OutsidePath, "ballast");
        await using var file = new FileStream(ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 64 * 1024, 512, 1 })
        {
            var isFull = false;
            while (!isFull)
            {
                try
                {
                    file.Write(new byte[size]);
                }
                catch (IOException)
                {
                    isFull = true;
                }
            }
        }

        return ballast;
    }

    public async Task MakeReadOnlyAsync()
    {
        using var mount = Start([.. Entrance, "mount", "-o", "remount,ro", Path])!;
        await mount.WaitForExitAsync().WaitAsync(s_patience);
        Assert.AreEqual(0, mount.ExitCode, await mount.StandardError.ReadToEndAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync().WaitAsync(s_patience);
        _holder.Dispose();
    }

    /// <summary>Others have no rights in it, because a data folder in which others can write is refused.</summary>
    private static string Script(string path, long bytes) =>
        $"mount -t tmpfs -o size={bytes},mode=0700 tmpfs '{path}' && echo mounted && exec cat >/dev/null";

    private static Process? Start(params string[] words)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(words[0], words[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
