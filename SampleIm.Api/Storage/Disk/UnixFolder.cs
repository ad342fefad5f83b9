using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace SampleIm.Api.Storage.Disk;

/// <summary>
/// What .NET does not do with folders: make one only if it is not there yet, and say whose it is. Between a look and the making
/// of a folder somebody else could put a link in its place.
/// </summary>
[UnsupportedOSPlatform("windows")]
public static class UnixFolder
{
    private const int IsThere = 17;
    private const int WorkingFolder = -100;
    private const int FollowNoLink = 0x100;
    private const uint ModeAndIds = 0x2 | 0x8 | 0x10;

    /// <summary>
    /// The kernel's struct statx is the same on every processor: 256 bytes, with the user's id at 20, the group's at 24 and the
    /// mode at 28.
    /// </summary>
    private const int StatBytes = 256;

    private const int UserIdOffset = 20;
    private const int GroupIdOffset = 24;
    private const int ModeOffset = 28;
    private const ushort Rights = 0xFFF;
    private const uint Root = 0;

    /// <summary>Makes a folder; false where something of this name is there, a link that leads nowhere included.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool TryMake(string path, UnixFileMode mode)
    {
        if (Make(Terminated(path), (uint)mode) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error != IsThere)
        {
            throw new IOException($"The folder '{path}' cannot be made: {new Win32Exception(error).Message}.", error);
        }

        return false;
    }

    /// <summary>Whether a folder belongs to the user under whom this program runs.</summary>
    public static bool IsOwn(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return Look(path, FollowNoLink).Owner == EffectiveUser();
        }

        try
        {
            // Elsewhere by what only its owner may do.
            File.SetUnixFileMode(path, File.GetUnixFileMode(path));
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether only root and this user can put another folder in the place of one within this: it belongs to one of the two, and
    /// others either cannot write into it or, as in /tmp, rename there only what is theirs. Of a link, where it leads.
    /// A group that is the user's own, as Debian and Red Hat make one for each user, is nobody else.
    /// </summary>
    public static bool KeepsWhatIsWithin(string path)
    {
        var real = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var (owner, group, mode) = OperatingSystem.IsLinux() ? Look(path, flags: 0) : (Root, Root, File.GetUnixFileMode(real));
        return KeepsWhatIsWithin(EffectiveUser(), owner, group, mode);
    }

    /// <summary>The same of a folder with this owner, this group and these rights, for the user of this number.</summary>
    public static bool KeepsWhatIsWithin(uint user, uint owner, uint group, UnixFileMode mode)
    {
        // By the convention that the group has the user's number. Root's group may have members.
        var others = group == user && group != Root ? UnixFileMode.OtherWrite : UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        return (owner == Root || owner == user) && ((mode & others) == 0 || mode.HasFlag(UnixFileMode.StickyBit));
    }

    private static (uint Owner, uint Group, UnixFileMode Mode) Look(string path, int flags)
    {
        var status = new byte[StatBytes];
        if (Look(WorkingFolder, Terminated(path), flags, ModeAndIds, status) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"The folder '{path}' cannot be looked at: {new Win32Exception(error).Message}.", error);
        }

        return (
            BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(UserIdOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(GroupIdOffset)),
            (UnixFileMode)(BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeOffset)) & Rights));
    }

    /// <summary>As the system takes it: UTF-8 up to a NUL.</summary>
    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Make(byte[] path, uint mode);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Look(int folder, byte[] path, int flags, uint asked, [Out] byte[] status);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
