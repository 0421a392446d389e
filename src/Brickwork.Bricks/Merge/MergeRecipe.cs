using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.Yaml;
using YamlDotNet.RepresentationModel;

namespace Brickwork;

/// <summary>What is to be merged, and how: mergekit's configuration in YAML, unchanged.</summary>
/// <remarks>A recipe of several documents names each but one; they may use each other's results as models. The last is the result.</remarks>
public sealed class MergeRecipe
{
    internal const string NextStep = "See every key with its meaning in docs/merging.md.";

    MergeRecipe(string source, string folder, string text, IReadOnlyList<MergeDocument> documents) =>
        (Source, Folder, Text, Documents) = (source, folder, text, documents);

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>The YAML itself.</summary>
    public string Text { get; }

    /// <summary>The names of the methods that recipes may ask for.</summary>
    public static IReadOnlyList<string> Methods => Bricks.Merge.Methods.MergeMethods.Names;

    internal string Folder { get; }

    internal IReadOnlyList<MergeDocument> Documents { get; }

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="RecipeException">There is no such file, or it has faults; all of them are named.</exception>
    public static MergeRecipe Open(string path)
    {
        if (!File.Exists(path))
            throw new RecipeException($"The recipe {path} does not exist.", "Check the path: expected a YAML file with 'merge_method' and 'models'.");
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a recipe from a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">A path: models are looked for in its folder first.</param>
    /// <exception cref="RecipeException">It has faults; all of them are named.</exception>
    public static MergeRecipe Parse(string yaml, string source)
    {
        List<string> faults = [];
        List<MergeDocument> documents = [];
        foreach (var node in YamlFile.Documents(yaml, source))
        {
            if (node is not YamlMappingNode mapping)
            {
                faults.Add($"line {node.Start.Line}: a document is no mapping of keys and values.");
                continue;
            }
            var map = new YamlMap(mapping, "", faults);
            documents.Add(DocumentReader.Read(map));
            map.Close();
        }
        if (documents.Count == 0)
            faults.Add("it holds no document; expected 'merge_method:' and 'models:'.");
        foreach (var method in documents.Select(document => document.Method).Where(method => method.Length > 0 && !Methods.Contains(method)).Distinct())
            faults.Add($"the method '{method}' is not known; expected one of {string.Join(", ", Methods)}.");
        faults.AddRange(DocumentOrder.Faults(documents));
        return faults.Count == 0 ? new(source, Path.GetDirectoryName(Path.GetFullPath(source))!, yaml, documents) : throw YamlFile.Faults(source, faults, NextStep);
    }

    /// <summary>Opens the models and says what will be done; nothing is merged yet.</summary>
    /// <exception cref="RecipeException">The recipe does not fit its models.</exception>
    /// <exception cref="CheckpointException">A model is missing or damaged.</exception>
    public MergePlan Plan(MergeOptions? options = null) => MergePlan.Of(this, options ?? new MergeOptions());
}
