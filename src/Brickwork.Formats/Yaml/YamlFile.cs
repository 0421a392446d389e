using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Brickwork.Formats.Yaml;

/// <summary>Reads YAML as nodes, so that every key can be asked for and every fault can say its line.</summary>
static class YamlFile
{
    // A recipe is written by hand; what is larger is something else.
    const int MostLetters = 4 << 20;

    /// <summary>The roots of a text's documents.</summary>
    /// <exception cref="RecipeException">The text is no YAML.</exception>
    public static IReadOnlyList<YamlNode> Documents(string yaml, string source)
    {
        if (yaml.Length > MostLetters)
            throw new RecipeException($"{source} has {yaml.Length} letters; expected a YAML file of at most {MostLetters}.", "Check the path: this is no recipe.");
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException cause)
        {
            throw new RecipeException($"{source}, line {cause.Start.Line}: {cause.Message}", "Correct the YAML: keys and values as 'key: value', deeper ones indented by spaces.", cause);
        }
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    /// <summary>All faults of a file in one message.</summary>
    public static RecipeException Faults(string source, IReadOnlyList<string> faults, string nextStep) => new(
        faults.Count == 1 ? $"{source}: {faults[0]}" : $"{source} has {faults.Count} faults: {string.Join(" ", faults.Select((fault, index) => $"({index + 1}) {fault}"))}",
        nextStep);
}
