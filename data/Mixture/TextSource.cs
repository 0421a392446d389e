namespace Brickwork.Mixture;

/// <summary>One row of the recipe: where texts of a domain come from.</summary>
/// <param name="Domain">What the texts are called.</param>
/// <param name="Package">Who ships them.</param>
/// <param name="Files">A regular expression over the paths of the package's files.</param>
/// <param name="Read">Turns a file into documents.</param>
/// <param name="Document">What a document is.</param>
/// <param name="Licence">Under what they may be used.</param>
sealed record TextSource(string Domain, IPackage Package, string Files, Func<string, IEnumerable<string>> Read, string Document, string Licence)
{
    /// <summary>The most that is taken, in million bytes: documents are drawn by a hash of their text until it is reached.</summary>
    public double Megabytes { get; init; } = double.MaxValue;

    /// <summary>Shorter documents are left out, in bytes.</summary>
    public int Shortest { get; init; } = 80;
}
