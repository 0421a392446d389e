namespace Brickwork.Mixture.Packages;

/// <summary>The upstream sources of a Debian package, of which some files are unpacked.</summary>
/// <param name="package">Its name.</param>
/// <param name="members">What is unpacked, as tar's wildcards.</param>
sealed class DebianSource(string package, params string[] members) : IPackage
{
    public string Name { get; private set; } = $"Debian source {package}";

    public string Fetch(string folder)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "debian-source", package)).FullName;
        var archive = Archive(target);
        if (archive is null)
        {
            Download(target);
            archive = Archive(target) ?? throw new InvalidOperationException($"apt-get source {package} left no archive in {target}.");
        }
        var unpacked = Path.Combine(target, "files");
        if (!Directory.Exists(unpacked))
        {
            Directory.CreateDirectory(unpacked + ".partial");
            Command.Run(target, "tar", ["-xf", archive, "-C", unpacked + ".partial", "--wildcards", .. members]);
            Directory.Move(unpacked + ".partial", unpacked);
        }
        Name = $"Debian source {package} {Path.GetFileName(archive).Split('_')[1].Replace(".orig.tar.xz", "", StringComparison.Ordinal)}";
        return unpacked;
    }

    // Sources are seldom listed on a machine: a list of their own leaves the system's lists alone.
    void Download(string target)
    {
        var release = File.ReadLines("/etc/os-release").First(line => line.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal)).Split('=')[1];
        var list = Path.Combine(target, "sources.list");
        File.WriteAllText(list, $"deb-src http://deb.debian.org/debian {release} main\n");
        Directory.CreateDirectory(Path.Combine(target, "lists", "partial"));
        string[] options = ["-q", "-o", $"Dir::Etc::SourceList={list}", "-o", "Dir::Etc::SourceParts=/dev/null", "-o", $"Dir::State::Lists={target}/lists"];
        Command.Run(target, "apt-get", [.. options, "update"]);
        Command.Run(target, "apt-get", [.. options, "source", "--download-only", package]);
    }

    static string? Archive(string target) => Directory.EnumerateFiles(target, "*.orig.tar.xz").FirstOrDefault();
}
