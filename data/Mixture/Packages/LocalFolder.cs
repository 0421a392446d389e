namespace Brickwork.Mixture.Packages;

/// <summary>Files that lie on this machine: the repository, the shared data, the .NET SDK.</summary>
sealed class LocalFolder(string name, string path) : IPackage
{
    public string Name => name;

    public string Fetch(string folder) => Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"{name}: there is no {path}.");
}
