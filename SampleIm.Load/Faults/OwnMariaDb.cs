using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SampleIm.Load.Faults;

/// <summary>
/// A MariaDB of the run's own: its own folder, a loopback port, nothing of the system's. As durable as a real one.
/// </summary>
public sealed class OwnMariaDb : OwnProcess
{
    private const string Database = "sampleim";

    /// <summary>Where Debian and others keep what only administrators call.</summary>
    private static readonly string[] s_moreFolders = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec"];

    private static readonly TimeSpan s_installPatience = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly bool _hasBinaryLog;
    private readonly IPEndPoint _endPoint = new(IPAddress.Loopback, FreePort.Find());

    /// <param name="folder">Where it keeps everything; made if missing.</param>
    /// <param name="hasBinaryLog">Whether what it commits is in a binary log on the disk before anybody sees it.</param>
    public OwnMariaDb(string folder, bool hasBinaryLog) => (_folder, _hasBinaryLog) = (folder, hasBinaryLog);

    public override string Name => "MariaDB";

    public string ConnectionString => $"Server=127.0.0.1;Port={_endPoint.Port};Database={Database};Uid=root";

    protected override ProcessStartInfo Command => new(Find("mariadbd"),
    [
        "--no-defaults", $"--datadir={DataPath}", $"--tmpdir={TemporaryPath}",
        $"--socket={Path.Combine(_folder, "mariadbd.sock")}", $"--pid-file={Path.Combine(_folder, "mariadbd.pid")}",
        "--bind-address=127.0.0.1", $"--port={_endPoint.Port}", "--skip-name-resolve", $"--init-file={InitPath}",
        "--max-connections=200",
        "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=128M", "--performance-schema=OFF",
        .. _hasBinaryLog ? ["--log-bin=binlog", "--sync-binlog=1", "--binlog-format=ROW"] : Array.Empty<string>(), .. AsUser,
    ]);

    private string DataPath => Path.Combine(_folder, "data");

    /// <summary>
    /// Not the system's: a MariaDB that starts removes every temporary table from this folder, and another one that was making
    /// one there crashes.
    /// </summary>
    private string TemporaryPath => Path.Combine(_folder, "tmp");

    private string InitPath => Path.Combine(_folder, "init.sql");

    /// <summary>It refuses to run as root unless told so.</summary>
    private static string[] AsUser => Environment.IsPrivilegedProcess ? ["--user=root"] : [];

    /// <summary>Whether this machine has what is needed.</summary>
    public static bool IsInstalled => TryFind("mariadbd") is not null && TryFind("mariadb-install-db") is not null;

    /// <summary>Makes its folder, with an empty database for the server.</summary>
    /// <exception cref="LoadException">MariaDB is not installed, or cannot do it.</exception>
    public async Task InstallAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(TemporaryPath);
        if (Directory.Exists(DataPath))
        {
            return;
        }

        await File.WriteAllTextAsync(
            InitPath, $"CREATE DATABASE IF NOT EXISTS {Database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;\n", cancel);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(s_installPatience);
        var command = new ProcessStartInfo(Find("mariadb-install-db"),
            [
                "--no-defaults", $"--datadir={DataPath}", $"--tmpdir={TemporaryPath}",
                "--auth-root-authentication-method=normal", "--skip-test-db", .. AsUser,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var install = Process.Start(command)!;
        try
        {
            var output = install.StandardOutput.ReadToEndAsync(patience.Token);
            var error = await install.StandardError.ReadToEndAsync(patience.Token);
            await install.WaitForExitAsync(patience.Token);
            if (install.ExitCode != 0)
            {
                throw new LoadException($"mariadb-install-db ended with {install.ExitCode}:\n{await output}{error}");
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LoadException($"mariadb-install-db did not end within {s_installPatience.TotalMinutes} minutes.");
        }
        finally
        {
            if (!install.HasExited)
            {
                install.Kill(entireProcessTree: true);
                await install.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>It greets anyone who connects, and takes no connection before it has recovered.</summary>
    protected override async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        using var socket = new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(_endPoint, cancel);
            return await socket.ReceiveAsync(new byte[1], cancel) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <exception cref="LoadException">It is not installed.</exception>
    private static string Find(string command) =>
        TryFind(command)
            ?? throw new LoadException($"There is no {command} on this machine: install MariaDB (Debian: mariadb-server).");

    private static string? TryFind(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(s_moreFolders).Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);
}
