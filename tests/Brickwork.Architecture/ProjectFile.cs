using System.Globalization;
using System.Xml.Linq;

namespace Brickwork.Architecture;

/// <summary>What a csproj says about itself.</summary>
sealed class ProjectFile(string path)
{
    readonly XElement _xml = XElement.Parse(SourceTree.Read(path));

    /// <summary>Relative to the repository.</summary>
    public string Path { get; } = path;

    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    public string Folder { get; } = path[..path.LastIndexOf('/')];

    public bool IsProgram => _xml.Descendants("OutputType").SingleOrDefault()?.Value == "Exe";

    /// <summary>The number in its Layer element, or null.</summary>
    public int? Layer => _xml.Descendants("Layer").SingleOrDefault() is { } layer ? int.Parse(layer.Value, CultureInfo.InvariantCulture) : null;

    /// <summary>Names of the projects it refers to; a glob gives its pattern's text.</summary>
    public IReadOnlyList<string> References =>
        [.. _xml.Descendants("ProjectReference").Select(reference =>
            System.IO.Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))];

    public IEnumerable<CodeFile> Code => SourceTree.Code.Where(file => file.Path.StartsWith(Folder + "/", StringComparison.Ordinal));
}
