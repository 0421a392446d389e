namespace Brickwork.Mixture.Packages;

/// <summary>A binary package of the Debian release that this machine follows, unpacked without being installed.</summary>
sealed class DebianPackage(string package) : IPackage
{
    public string Name { get; private set; } = $"Debian {package}";

    public string Fetch(string folder)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, "debian")).FullName;
        var file = Downloaded(target);
        if (file is null)
        {
            Command.Run(target, "apt-get", "download", "-q", package);
            file = Downloaded(target) ?? throw new InvalidOperationException($"apt-get download {package} left no file in {target}.");
        }
        var unpacked = Path.Combine(target, package);
        if (!Directory.Exists(unpacked))
        {
            Command.Run(target, "dpkg-deb", "-x", file, unpacked + ".partial");
            Directory.Move(unpacked + ".partial", unpacked);
        }
        Name = $"Debian {package} {Uri.UnescapeDataString(Path.GetFileName(file).Split('_')[1])}";
        return unpacked;
    }

    string? Downloaded(string target) => Directory.EnumerateFiles(target, $"{package}_*.deb").Order(StringComparer.Ordinal).LastOrDefault();
}
