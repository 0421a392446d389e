using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Merge.Recipes;
using Brickwork.Formats.Log;
using Brickwork.Formats.Yaml;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>A document with its models open: what will be made, and of what.</summary>
sealed class DocumentPlan : IDisposable
{
    readonly Dictionary<string, MergeModel> _models;
    readonly IReadOnlyList<string> _warnings;

    DocumentPlan(
        MergeDocument document, Dictionary<string, MergeModel> models, Vocabulary? vocabulary, IReadOnlyList<PlannedTensor> tensors, IPreparation? preparation, IReadOnlyList<string> warnings) =>
        (Document, _models, Vocabulary, Tensors, Preparation, _warnings) = (document, models, vocabulary, tensors, preparation, warnings);

    public MergeDocument Document { get; }

    public Vocabulary? Vocabulary { get; }

    public IReadOnlyList<PlannedTensor> Tensors { get; }

    /// <summary>What the method has to know of whole models; null = nothing.</summary>
    public IPreparation? Preparation { get; }

    /// <summary>Whether this document or one it uses has to know something of whole models.</summary>
    public bool MeasuresModels => Preparation is not null || Models.Any(model => model.Checkpoint is MergedCheckpoint { Plan.MeasuresModels: true });

    /// <summary>The texts that models are run over.</summary>
    public IReadOnlyList<NamedText> Texts { get; private init; } = [];

    /// <summary>What of this document and those it uses changes nothing, though somebody may have meant it to.</summary>
    public IReadOnlyList<string> Warnings => [.. Models.SelectMany(model => model.Checkpoint is MergedCheckpoint other ? other.Plan.Warnings : []).Concat(_warnings).Distinct()];

    public IEnumerable<MergeModel> Models => _models.Values;

    /// <summary>The model that the result takes its settings from.</summary>
    public MergeModel Donor => _models[Document.Slices[0].BaseModel ?? Document.BaseModel ?? Document.Slices[0].Inputs[0].Model];

    /// <summary>The model with the tokenizer of the result.</summary>
    public MergeModel Speaker => Vocabulary?.First ?? (Document.Tokenizer?.Model is { } named ? _models[named] : Donor);

    /// <exception cref="RecipeException">The recipe does not fit its models; all faults are named.</exception>
    public static DocumentPlan Of(MergeDocument asked, MergeRecipe recipe, MergeOptions options) => Of(asked, recipe, options, new(StringComparer.Ordinal));

    /// <param name="asked">As the recipe has it.</param>
    /// <param name="recipe">All documents.</param>
    /// <param name="options">How.</param>
    /// <param name="made">The results of documents that others have asked for already; each is made once.</param>
    static DocumentPlan Of(MergeDocument asked, MergeRecipe recipe, MergeOptions options, Dictionary<string, MergedCheckpoint> made)
    {
        var document = asked.WithBase(MergeMethods.Find(asked.Method)!);
        var models = new Dictionary<string, MergeModel>(StringComparer.Ordinal);
        try
        {
            foreach (var reference in document.Models)
                models[reference] = new MergeModel(reference, models.Count, () => Open(reference, recipe, options, made));
            List<string> faults = [];
            List<string> warnings = [.. models.Values.Where(model => model.TokensLeftOut > 0).Select(model =>
                $"{model.Reference} has {model.Tokens!.Length + model.TokensLeftOut} tokens and rows for {model.Tokens.Length}: the last {model.TokensLeftOut} are left out.")];
            var vocabulary = VocabularyOf(document, models, options, faults);
            var tensors = PlanBuilder.Build(document, models, vocabulary, options, faults, warnings);
            var preparing = new PreparationPlan(document, models, options, RecipePlaces.Of(recipe, options), faults);
            var preparation = preparing.Find(vocabulary);
            return faults.Count == 0 ? new DocumentPlan(document, models, vocabulary, tensors, preparation, warnings) { Texts = preparing.Texts } : throw YamlFile.Faults(recipe.Source, faults, MergeRecipe.ModelsNextStep);
        }
        catch
        {
            foreach (var model in models.Values)
                model.Checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The files that this document and those it uses are made of, for the log.</summary>
    public IReadOnlyList<LoggedSource> Sources(CancellationToken cancellation) =>
    [
        .. Files().DistinctBy(model => model.Reference, StringComparer.Ordinal).AsParallel().AsOrdered().WithCancellation(cancellation)
            .SelectMany(model => model.Sources(cancellation)).AsEnumerable().DistinctBy(source => source.Input),
        .. TextsOfAll().Distinct().SelectMany(text => text.Sources(cancellation)),
    ];

    public void Dispose()
    {
        foreach (var model in _models.Values)
            model.Checkpoint.Dispose();
    }

    IEnumerable<MergeModel> Files() => Models.SelectMany(model => model.Checkpoint is MergedCheckpoint other ? other.Plan.Files() : [model]);

    IEnumerable<NamedText> TextsOfAll() => Models.SelectMany(model => model.Checkpoint is MergedCheckpoint other ? other.Plan.TextsOfAll() : []).Concat(Texts);

    /// <summary>Another document's result is made tensor by tensor when it is asked for: it needs no file. Whoever asks first plans it.</summary>
    static Checkpoint Open(string reference, MergeRecipe recipe, MergeOptions options, Dictionary<string, MergedCheckpoint> made)
    {
        if (made.TryGetValue(reference, out var known))
            return known.Share();
        return recipe.Documents.FirstOrDefault(document => document.Name == reference) is { } other
            ? made[reference] = new MergedCheckpoint(Of(other, recipe, options, made), recipe, options)
            : MergeModel.Open(reference, RecipePlaces.Of(recipe, options));
    }

    static Vocabulary? VocabularyOf(MergeDocument document, Dictionary<string, MergeModel> models, MergeOptions options, List<string> faults)
    {
        var origin = document.BaseModel is { } reference ? models[reference] : null;
        var merged = models.Values.ToList();
        if (document.Tokenizer is not { } rule)
        {
            var first = merged[0];
            if (!options.StrictCompatibility && merged.FirstOrDefault(model => !Same(model, first)) is { } other)
                faults.Add($"{other.Reference} and {first.Reference} have different vocabularies ({other.Tokens?.Length ?? 0} and {first.Tokens?.Length ?? 0} tokens); expected a rule for them: tokenizer_source: union, base or a model.");
            return null;
        }
        if (merged.FirstOrDefault(model => model.Tokens is null) is { } mute)
        {
            faults.Add($"{mute.Reference} has no tokenizer, so '{rule.Source}' has nothing to go by.");
            return null;
        }
        if (rule.Source == TokenizerRule.Base && origin is null)
            faults.Add("the tokenizer's source is 'base', but there is no 'base_model'.");
        var speaker = rule.Model is { } named ? models[named] : origin ?? models[document.Slices[0].Inputs[0].Model];
        if (rule is { PadToMultipleOf: 1, Tokens.Count: 0 } && merged.TrueForAll(model => Same(model, speaker)))
            return null;
        var vocabulary = Vocabulary.Of(speaker, rule.Source == TokenizerRule.Union, merged, origin, rule);
        faults.AddRange(vocabulary.Faults());
        return vocabulary;
    }

    static bool Same(MergeModel model, MergeModel other) => model.Tokens is null ? other.Tokens is null : other.Tokens is not null && model.Tokens.AsSpan().SequenceEqual(other.Tokens);
}
