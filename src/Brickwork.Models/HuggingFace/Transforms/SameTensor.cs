namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>The same values under another name.</summary>
sealed class SameTensor : TensorTransform
{
    public static SameTensor Instance { get; } = new();

    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [TensorRecipe.Same(rule.Canonical[0], sources[0])];

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [TensorRecipe.Same(rule.Names[0], sources[0])];
}

/// <summary>A vector that Hugging Face keeps as a matrix of one row.</summary>
sealed class OneRow : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [TensorRecipe.Same(rule.Canonical[0], sources[0], new Shape(sources[0].Info.Shape.Count))];

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [TensorRecipe.Same(rule.Names[0], sources[0], new Shape(1, sources[0].Info.Shape.Count))];
}

/// <summary>The gain of a norm that Hugging Face keeps as its distance from 1 (Gemma).</summary>
sealed class PlusOne : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [TensorRecipe.Shifted(rule.Canonical[0], sources[0], 1)];

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [TensorRecipe.Shifted(rule.Names[0], sources[0], -1)];
}

/// <summary>A matrix that Hugging Face keeps as [inputs, outputs]; of stacked matrices, each.</summary>
sealed class Transposed : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [sources[0].Info.Shape.Rank < 2 ? TensorRecipe.Same(rule.Canonical[0], sources[0]) : TensorRecipe.Transposed(rule.Canonical[0], sources[0])];

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model) =>
        [sources[0].Info.Shape.Rank < 2 ? TensorRecipe.Same(rule.Names[0], sources[0]) : TensorRecipe.Transposed(rule.Names[0], sources[0])];
}
