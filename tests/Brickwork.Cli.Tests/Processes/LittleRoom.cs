using System.ComponentModel;
using System.Diagnostics;

namespace Brickwork.Cli.Tests.Processes;

/// <summary>What stands before a command so that it finds little room to write in. Linux only.</summary>
static class LittleRoom
{
    // What the program leaves is kept where there is room, as the disk goes with the process that mounted it.
    const string Mounting = """
        disk=$1 bytes=$2 keep=$3; shift 3
        mount -t tmpfs -o size=$bytes none "$disk" || exit 125
        "$@"; code=$?
        cp -a "$disk/." "$keep" && exit $code
        """;

    /// <summary>No file may grow beyond so many bytes. The runtime's own way to write code asks for a longer one, and is turned off.</summary>
    public static string[] LongestFile(long bytes) => ["prlimit", $"--fsize={bytes}", "env", "--ignore-signal=XFSZ", "DOTNET_EnableWriteXorExecute=0"];

    /// <summary>A disk of its own stands on an empty folder, and is full after so many bytes.</summary>
    /// <param name="folder">Where it is mounted; empty again afterwards.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="kept">A folder that gets a copy of what is on it in the end.</param>
    public static string[] SmallDisk(string folder, long bytes, string kept) => [.. Unshared, "sh", "-c", Mounting, "sh", folder, $"{bytes}", kept];

    /// <summary>Whether this system lets a user mount a disk of his own.</summary>
    public static bool CanMount()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Unshared[0], [.. Unshared[1..], "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    static string[] Unshared => ["unshare", "--user", "--map-root-user", "--mount"];
}
