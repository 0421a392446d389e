namespace Brickwork.Mixture.Packages;

/// <summary>A package of the npm registry, unpacked without being installed.</summary>
sealed class NpmPackage(string package, string version) : IPackage
{
    public string Name => $"npm {package} {version}";

    public string Fetch(string folder)
    {
        var target = Path.Combine(folder, "npm", package);
        if (!Directory.Exists(target))
        {
            Directory.CreateDirectory(target + ".partial");
            Command.Run(target + ".partial", "npm", "pack", "--silent", $"{package}@{version}");
            Command.Run(target + ".partial", "tar", "-xzf", Directory.EnumerateFiles(target + ".partial", "*.tgz").Single());
            Directory.Move(target + ".partial", target);
        }
        return target;
    }
}
