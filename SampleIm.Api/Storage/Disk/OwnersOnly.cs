using System.Runtime.Versioning;

namespace SampleIm.Api.Storage.Disk;

/// <summary>
/// Files and folders that only their owner can read: the data folder and a backup hold private messages and sign-in keys.
/// </summary>
public static class OwnersOnly
{
    /// <summary>What others may have of a folder without being able to put anything into it.</summary>
    public const UnixFileMode Looking =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Of the folders above, where they are made: the user's mask may let others write there.</summary>
    private const UnixFileMode OnTheWay = Owner | Looking;

    /// <summary>A folder that is there already stays as its owner made it.</summary>
    public static DirectoryInfo MakeFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, Owner);

    /// <summary>
    /// A folder into which nobody else can have put anything: made now, or there already and this user's. A link, or somebody
    /// else's folder, would lead what is written somewhere else.
    /// </summary>
    /// <param name="path">The folder; those above it are made where they are missing.</param>
    /// <param name="others">What everybody else may have of one that is there already.</param>
    /// <exception cref="IOException">What is there is not such a folder, or it cannot be made.</exception>
    public static void ClaimFolder(string path, UnixFileMode others = UnixFileMode.None)
    {
        if (OperatingSystem.IsWindows())
        {
            RefuseLink(path);
            Directory.CreateDirectory(path);
            return;
        }

        MakeWayTo(path);
        if (!UnixFolder.TryMake(path, Owner))
        {
            RefuseLink(path);
            if (!Directory.Exists(path))
            {
                throw new IOException($"'{path}' is there and is no folder.");
            }

            if (!UnixFolder.IsOwn(path))
            {
                throw new IOException($"The folder '{path}' belongs to somebody else. Remove it, or name another.");
            }

            if ((File.GetUnixFileMode(path) & ~Owner & ~others) != 0)
            {
                throw new IOException(
                    $"Others can write into the folder '{path}', or look into it. Remove it, or take these rights away with "
                    + "chmod go-rwx.");
            }
        }
    }

    /// <summary>
    /// Makes the folders above one, where they are missing. Anyone who can rename what is in them could put another folder in its
    /// place after it was claimed, so none is made or used where somebody else can.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void MakeWayTo(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } parent)
        {
            return;
        }

        var there = parent;
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above)
        {
            there = above;
        }

        RefuseUnsafe(there);
        Directory.CreateDirectory(parent, OnTheWay);
        RefuseUnsafe(parent);
    }

    [UnsupportedOSPlatform("windows")]
    private static void RefuseUnsafe(string folder)
    {
        if (!UnixFolder.KeepsWhatIsWithin(folder))
        {
            throw new IOException(
                $"Somebody else could replace what is in the folder '{folder}': it belongs to neither this user nor root, or "
                + "others "
                + "can write into it. Name a place in another folder, or take the right away with chmod go-w.");
        }
    }

    /// <exception cref="IOException">A link stands in the place of a file or a folder.</exception>
    public static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException(
                $"'{path}' is a link, which somebody else may have put there. Remove it, or name what it leads to.");
        }
    }

    /// <summary>A new file, without a buffer.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
