namespace Brickwork.Bricks.Merge.Recipes;

using Settings = IReadOnlyDictionary<string, MergeSetting>;

/// <summary>One input of a slice.</summary>
/// <param name="Model">A path, a name, or the name of another document.</param>
/// <param name="Layers">From … up to, or null = all.</param>
/// <param name="Parameters">Of this input.</param>
/// <param name="Texts">What methods that run models over texts run this one over; null = the document's.</param>
sealed record MergeInput(string Model, (int First, int End)? Layers, Settings Parameters, string? Texts = null);

/// <summary>Layers of the result and where they come from.</summary>
/// <param name="Inputs">All of the same number of layers.</param>
/// <param name="BaseModel">Instead of the document's; null = that one.</param>
/// <param name="Parameters">Of this slice.</param>
sealed record MergeSlice(IReadOnlyList<MergeInput> Inputs, string? BaseModel, Settings Parameters);

/// <summary>Whose vocabulary the result has.</summary>
/// <param name="Source"><c>union</c>, <c>base</c>, or a model.</param>
/// <param name="PadToMultipleOf">Rows of the embedding are filled up to a multiple of this.</param>
/// <param name="Tokens">What is said about single tokens.</param>
sealed record TokenizerRule(string Source, int PadToMultipleOf, IReadOnlyDictionary<string, TokenRule> Tokens)
{
    public const string Union = "union", Base = "base";

    /// <summary>The model whose vocabulary it is; null = none by name.</summary>
    public string? Model => Source is Union or Base ? null : Source;
}

/// <summary>Where the rows of a token come from in models that lack it.</summary>
/// <param name="Model">The model whose row is taken; null = zeros, or the usual rule.</param>
/// <param name="Token">Which of its tokens; null = the same, or <paramref name="Id"/>.</param>
/// <param name="Id">The number of its token.</param>
/// <param name="IsZero">Whether the row is zero.</param>
/// <param name="Force">Whether this holds for models that have the token, too.</param>
sealed record TokenRule(string? Model, string? Token, int? Id, bool IsZero, bool Force);

/// <summary>One document of a recipe, as mergekit's configuration has it.</summary>
sealed record MergeDocument
{
    static readonly Settings NoSettings = new Dictionary<string, MergeSetting>();

    /// <summary>The chat template that most of the models have.</summary>
    public const string CommonTemplate = "auto";

    public required string Method { get; init; }

    /// <summary>Under which other documents use its result.</summary>
    public string? Name { get; init; }

    public string? BaseModel { get; init; }

    public required IReadOnlyList<MergeSlice> Slices { get; init; }

    /// <summary>Whether <c>models:</c> was given: whole models, and the base among them need not be listed.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether the inputs are LoRA bricks, which are merged into a brick.</summary>
    public bool IsOfBricks { get; init; }

    /// <summary>Of the only module, where the recipe has <c>modules:</c>.</summary>
    public required Settings ModuleParameters { get; init; }

    public required Settings Parameters { get; init; }

    /// <summary>What models without a text of their own are run over.</summary>
    public string? Texts { get; init; }

    /// <summary>A storage type or mix; null = each tensor as the first input has it.</summary>
    public string? OutputType { get; init; }

    public TokenizerRule? Tokenizer { get; init; }

    /// <summary>A template in Jinja, or <see cref="CommonTemplate"/>; null = that of the tokenizer.</summary>
    public string? ChatTemplate { get; init; }

    public long Seed { get; init; }

    /// <summary>The base as an input like the others, where it is not listed and the method has no other use for it, as mergekit takes it.</summary>
    public MergeDocument WithBase(IMergeMethod method) =>
        IsWhole && method.Base == BaseUse.None && BaseModel is { } reference && Slices[0].Inputs.All(input => input.Model != reference)
            ? this with { Slices = [Slices[0] with { Inputs = [.. Slices[0].Inputs, new MergeInput(reference, null, NoSettings)] }] }
            : this;

    /// <summary>Every model that is named, once.</summary>
    public IEnumerable<string> Models => Slices.SelectMany(slice => slice.Inputs.Select(input => input.Model).Append(slice.BaseModel))
        .Append(BaseModel).Append(Tokenizer?.Model).Concat(Tokenizer?.Tokens.Values.Select(rule => rule.Model) ?? [])
        .OfType<string>().Distinct(StringComparer.Ordinal);
}
