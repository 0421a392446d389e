using Brickwork.Bricks.Log;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.Log;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Finds out whether what a method has to know of whole models can be found out.</summary>
sealed class PreparationPlan(MergeDocument document, IReadOnlyDictionary<string, MergeModel> models, MergeOptions options, RecipePlaces places, List<string> faults)
{
    readonly IMergeMethod _method = MergeMethods.Find(document.Method)!;

    readonly List<NamedText> _texts = [];

    /// <summary>The texts that were found.</summary>
    public IReadOnlyList<NamedText> Texts => _texts;

    /// <summary>What the method needs; null = nothing, or there were faults.</summary>
    public IPreparation? Find(Vocabulary? vocabulary)
    {
        var before = faults.Count;
        var merged = document.Slices.SelectMany(slice => slice.Inputs).DistinctBy(input => input.Model).ToList();
        if (!_method.NeedsTexts && (document.Texts is not null || merged.Any(input => input.Texts is not null)))
            faults.Add($"'data' is not read by {_method.Name}.");
        var texts = new Dictionary<MergeModel, string>();
        if (_method.NeedsTexts)
            foreach (var input in merged)
                if (TextOf(input) is { } text)
                    texts[models[input.Model]] = text;
        faults.AddRange(_method.FaultsOf([.. merged.Select(input => models[input.Model])]));
        var preparation = faults.Count == before ? _method.Prepare(new PreparationInputs([.. merged.Select(input => models[input.Model])], texts, options)) : null;
        if (preparation is not null && vocabulary is not null)
            faults.Add($"{_method.Name} looks at whole models, which must have one vocabulary; here it is changed. Make that model first, in a document of its own.");
        return preparation;
    }

    string? TextOf(MergeInput input)
    {
        if ((input.Texts ?? document.Texts ?? options.Texts) is not { } path)
        {
            faults.Add($"{_method.Name} runs {input.Model} over a text, and none is given: parameters: {{data: FILE}}, or --data FILE.");
            return null;
        }
        // What the recipe names is found again by that name, what the options name by its role.
        var named = input.Texts ?? document.Texts;
        if ((named is null ? Exists(path) : places.Find(path)) is not { } place)
        {
            faults.Add($"the text {path} for {input.Model} does not exist.");
            return null;
        }
        _texts.Add(named is null ? new NamedText(NamedText.OfOptions, LoggedSource.NameOf(path), place) : new NamedText(NamedText.OfRecipe, path, place));
        return place;
    }

    static string? Exists(string path) => File.Exists(path) || Directory.Exists(path) ? path : null;
}

/// <summary>A text that models are run over.</summary>
/// <param name="Role">What it is in the log.</param>
/// <param name="Name">As the recipe or the options name it.</param>
/// <param name="Place">The file or folder.</param>
sealed record NamedText(string Role, string Name, string Place)
{
    public const string OfRecipe = "data", OfOptions = "texts", OfRecipeFolder = "data ";

    /// <summary>The file; of a folder all files, in a role that tells what the recipe calls it.</summary>
    public IEnumerable<LoggedSource> Sources(CancellationToken cancellation)
    {
        if (Directory.Exists(Place))
            return LoggedTexts.Of(Place, Role == OfRecipe ? OfRecipeFolder + Name : Role, cancellation);
        var source = LoggedSource.OfFile(Role, Place, cancellation);
        return [source with { Input = source.Input with { Name = Name } }];
    }
}
