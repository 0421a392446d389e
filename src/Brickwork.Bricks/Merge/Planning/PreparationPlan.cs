using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Finds out whether what a method has to know of whole models can be found out.</summary>
sealed class PreparationPlan(MergeDocument document, IReadOnlyDictionary<string, MergeModel> models, MergeOptions options, string folder, List<string> faults)
{
    readonly IMergeMethod _method = MergeMethods.Find(document.Method)!;

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
        if (Path.Combine(folder, path) is var beside && (File.Exists(beside) || Directory.Exists(beside)))
            return beside;
        if (File.Exists(path) || Directory.Exists(path))
            return path;
        faults.Add($"the text {path} for {input.Model} does not exist.");
        return null;
    }
}
