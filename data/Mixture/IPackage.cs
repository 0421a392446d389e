namespace Brickwork.Mixture;

/// <summary>Something that ships files.</summary>
interface IPackage
{
    /// <summary>Its name and, once it was fetched, its version.</summary>
    string Name { get; }

    /// <summary>The folder of its files; fetched if it is not there yet.</summary>
    string Fetch(string folder);
}
