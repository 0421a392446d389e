using Brickwork.Bricks.Merge.Mixtures;
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
    internal const string ModelsNextStep = "Hold the recipe against its models: brick inspect --tensors -m MODEL; every key is in docs/merging.md.";
    internal const string BricksNextStep = "Hold the recipe against its bricks: brick inspect -m BRICK; every key is in docs/merging.md.";

    MergeRecipe(string source, string text, IReadOnlyList<MergeDocument> documents, MixtureDocument? mixture) =>
        (Source, Folder, Text, Documents, Mixture) = (source, Path.GetDirectoryName(Path.GetFullPath(source))!, text, documents, mixture);

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>The YAML itself.</summary>
    public string Text { get; }

    /// <summary>The names of the methods that recipes may ask for.</summary>
    public static IReadOnlyList<string> Methods => Bricks.Merge.Methods.MergeMethods.Names;

    /// <summary>The names of the methods that recipes over LoRA bricks may ask for.</summary>
    public static IReadOnlyList<string> BrickMethods => Bricks.Merge.LowRank.LowRankMethod.Names;

    /// <summary>Whether LoRA bricks are merged into a brick, instead of models into a model.</summary>
    public bool IsOfBricks => Documents is [{ IsOfBricks: true }, ..];

    /// <summary>Whether models become the experts of a mixture.</summary>
    public bool IsMixture => Mixture is not null;

    /// <summary>The base model as the recipe names it; PEFT folders among its bricks cannot be read without.</summary>
    public string? BaseModel => Mixture?.BaseModel ?? Documents[0].BaseModel;

    /// <summary>What the result is called.</summary>
    internal string ResultName => (Documents.Count > 0 ? DocumentOrder.Result(Documents).Name : null) ?? Path.GetFileNameWithoutExtension(Source);

    internal string Folder { get; }

    /// <summary>None where the recipe is one of a mixture.</summary>
    internal IReadOnlyList<MergeDocument> Documents { get; }

    internal MixtureDocument? Mixture { get; }

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
        MixtureDocument? mixture = null;
        var nodes = YamlFile.Documents(yaml, source);
        foreach (var node in nodes)
        {
            if (node is not YamlMappingNode mapping)
            {
                faults.Add($"line {node.Start.Line}: a document is no mapping of keys and values.");
                continue;
            }
            var map = new YamlMap(mapping, "", faults);
            if (map.Has(MixtureReader.Key))
                mixture = MixtureReader.Read(map);
            else
                documents.Add(DocumentReader.Read(map));
            map.Close();
        }
        if (mixture is not null && nodes.Count > 1)
            faults.Add("a mixture is made by a recipe of one document.");
        if (mixture is null)
            faults.AddRange(Faults(documents));
        return faults.Count == 0 ? new(source, yaml, documents, mixture) : throw YamlFile.Faults(source, faults, NextStep);
    }

    /// <summary>Opens the models and says what will be done; nothing is merged yet.</summary>
    /// <exception cref="RecipeException">The recipe does not fit its models.</exception>
    /// <exception cref="CheckpointException">A model is missing or damaged.</exception>
    public MergePlan Plan(MergeOptions? options = null) => IsOfBricks || IsMixture
        ? throw new InvalidOperationException($"{Source} makes no model of whole models: {nameof(PlanBricks)}, {nameof(PlanMixture)}.")
        : MergePlan.Of(this, options ?? new MergeOptions());

    /// <summary>Opens the models and says what the mixture will be; nothing is made yet.</summary>
    /// <exception cref="RecipeException">The recipe does not fit its models.</exception>
    /// <exception cref="CheckpointException">A model is missing or damaged.</exception>
    public MixturePlan PlanMixture(MergeOptions? options = null) => IsMixture
        ? MixturePlan.Of(this, options ?? new MergeOptions())
        : throw new InvalidOperationException($"{Source} makes no mixture: {nameof(Plan)}.");

    /// <summary>Opens the bricks and says what will be done; nothing is merged yet.</summary>
    /// <param name="options">How.</param>
    /// <param name="model">The model they are for, to which they are held; needed for PEFT folders only.</param>
    /// <exception cref="RecipeException">The recipe does not fit its bricks, or a brick is for another model.</exception>
    /// <exception cref="CheckpointException">A brick is damaged.</exception>
    /// <exception cref="UnsupportedModelException">A brick is no LoRA, or holds more than that.</exception>
    public BrickMergePlan PlanBricks(MergeOptions? options = null, LanguageModel? model = null) => IsOfBricks
        ? BrickMergePlan.Of(this, options ?? new MergeOptions(), model)
        : throw new InvalidOperationException($"{Source} merges models: {nameof(Plan)}.");

    /// <summary>Loads <see cref="BaseModel"/>; paths begin in the folder of the recipe.</summary>
    /// <exception cref="CheckpointException">It is missing or damaged.</exception>
    public LanguageModel? LoadBase(LoadOptions? options = null) => LoadBase(options, new MergeOptions());

    internal LanguageModel? LoadBase(LoadOptions? options, MergeOptions merge) =>
        BaseModel is { } name ? LanguageModel.From(MergeModel.Open(name, RecipePlaces.Of(this, merge)), options) : null;

    static IEnumerable<string> Faults(IReadOnlyList<MergeDocument> documents)
    {
        if (documents.Count == 0)
            yield return "it holds no document; expected 'merge_method:' and 'models:'.";
        foreach (var document in documents.Where(document => document.Method.Length > 0).DistinctBy(document => (document.Method, document.IsOfBricks)))
            if ((document.IsOfBricks ? BrickMethods : Methods) is var known && !known.Contains(document.Method))
                yield return $"the method '{document.Method}' is not known{(document.IsOfBricks ? " for bricks" : "")}; expected one of {string.Join(", ", known)}.";
        if (documents.Count > 1 && documents.Any(document => document.IsOfBricks))
            yield return "bricks are merged by a recipe of one document.";
        foreach (var document in documents.Where(document => document.IsOfBricks))
            foreach (var key in Useless(document))
                yield return $"'{key}' says nothing about bricks: they are stored in F32, and have no tokens; expected a recipe without it.";
        foreach (var fault in DocumentOrder.Faults(documents))
            yield return fault;
    }

    /// <summary>Keys that only whole models have a use for.</summary>
    static IEnumerable<string> Useless(MergeDocument document)
    {
        if (document.OutputType is not null)
            yield return "dtype";
        if (document.Tokenizer is not null)
            yield return "tokenizer";
        if (document.ChatTemplate is not null)
            yield return "chat_template";
    }
}
